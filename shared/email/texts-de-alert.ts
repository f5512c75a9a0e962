import type { AlertKind, AlertTexts, UnsubscribeTexts } from './texts.ts';

const WHAT: Readonly<Record<AlertKind, (where: string) => string>> = {
  failed: (where) => `Nicht erschienen: ${where}`,
  missed: (where) => `Termin verpasst: ${where}`,
  uncertain: (where) => `Unklar, ob erschienen: ${where}`,
  incomplete: (where) => `Erschienen, aber nicht vollständig: ${where}`,
  expiring: (where) => `Anmeldung läuft ab: ${where}`,
  expired: (where) => `Kanal getrennt: ${where}`,
  mail_uncertain: (where) => `Unklar, ob der Wochenbericht ankam: ${where}`,
  mail_not_sent: (where) => `Wochenbericht nicht zugestellt: ${where}`,
  other: (where) => `Bitte ansehen: ${where}`,
};

const TO_DO: Readonly<Record<AlertKind, string>> = {
  failed: 'Was tun: Ursache beheben, dann den Beitrag erneut senden (retry) oder neu planen.',
  missed: 'Was tun: Entscheiden, ob er noch passt. Dann erneut senden (retry) oder neu planen.',
  uncertain:
    'Was tun: Im Kanal nachsehen, ob der Beitrag da ist, und das Ergebnis eintragen (resolve). Bis dahin wird nichts erneut gesendet.',
  incomplete:
    'Was tun: Was fehlt, im Netzwerk von Hand ergänzen. Der Beitrag selbst ist da und wird nicht noch einmal gesendet.',
  expiring:
    'Was tun: Den Kanal neu verbinden, bevor die Anmeldung endet. Bis dahin wird alles wie geplant gesendet.',
  expired:
    'Was tun: Den Kanal mit neuen Zugangsdaten verbinden. Für wartende Beiträge gilt dann ihre Verspätungsregel.',
  mail_uncertain:
    'Was tun: Beim Empfänger nachfragen. Falls nichts ankam, den Bericht mit again:true noch einmal senden. Von selbst senden wir ihn kein zweites Mal.',
  mail_not_sent:
    'Was tun: Adresse und Mailversand prüfen, dann den Bericht mit again:true noch einmal senden.',
  other: 'Was tun: Unter /v1/attention steht, worum es geht.',
};

export const alertDe: AlertTexts = {
  subject: (brand, count, first) =>
    count === 1 ? `${brand}: ${first}` : `${brand}: ${count} Meldungen warten auf Sie`,
  title: 'Hier wird jemand gebraucht',
  what: (kind, where) => WHAT[kind](where),
  why: (reason) => `Warum: ${reason}`,
  whatToDo: (kind) => TO_DO[kind],
  due: (at) => `Termin: ${at}`,
  id: (id) => `Kennung: ${id}`,
  lookAtChannel: 'Im Kanal nachsehen',
  howTo: 'So geht es mit der API',
  grouped: 'Meldungen werden gesammelt: höchstens eine E-Mail in 15 Minuten.',
  more: (count) => `… und ${count} weitere`,
};

export const unsubscribeDe: UnsubscribeTexts = {
  link: 'Diese E-Mails abbestellen',
  title: 'E-Mails abbestellen',
  question: (brand, email) => `Sollen keine E-Mails zu „${brand}“ mehr an ${email} gehen?`,
  button: 'Ja, abbestellen',
  done: (brand, email) => `Erledigt: An ${email} gehen keine E-Mails zu „${brand}“ mehr.`,
  dead: 'Dieser Link gilt nicht oder nicht mehr. Bitte den Link in der neuesten E-Mail verwenden.',
};
