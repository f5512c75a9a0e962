import { placeOf } from './place.ts';
import type { ReportTexts, Texts } from './texts.ts';
import { csvDe } from './texts-csv.ts';
import { unsubscribeDe } from './texts-de-alert.ts';

const posts = (count: number): string => (count === 1 ? 'Beitrag' : 'Beiträge');
const interactions = (shown: string): string => (shown === '1' ? 'Interaktion' : 'Interaktionen');

const report: ReportTexts = {
  subjectPublished: (published, planned, count) =>
    `${published} von ${planned} ${count === 1 ? 'Beitrag' : 'Beiträgen'} erschienen`,
  subjectNothing: 'nichts geplant, nichts erschienen',
  subjectMean: (mean) => `${mean} ${interactions(mean)} pro Beitrag`,
  weekly: 'Wochenbericht',
  provisional: 'Zwischenstand',
  provisionalNote:
    'Das ist ein Zwischenstand: Die Woche läuft noch. Was jünger als 24 Stunden ist, zählt mit dem bisherigen Stand; die Zahlen ändern sich also noch.',
  agencyCopy: 'Fassung für die Agentur',
  noteHeading: 'Eine Notiz Ihrer Agentur',
  publishedHeading: 'Erschienen',
  publishedOf: (published, planned) => `${published} von ${planned}`,
  publishedLabel: (planned) => (planned === 1 ? 'Beitrag' : 'Beiträgen'),
  checking: (shown) => `${shown} in Prüfung`,
  allPublished: 'Alles Geplante ist erschienen.',
  nothingPlanned: 'In dieser Woche war nichts geplant, und es ist nichts erschienen.',
  issue: (kind, cause) => {
    switch (kind) {
      case 'checking':
        return 'Wir prüfen gerade, ob dieser Beitrag online ist.';
      case 'underway':
        return cause === null
          ? 'Dieser Beitrag ist gerade auf dem Weg.'
          : 'Das hat noch nicht geklappt, wir versuchen es weiter.';
      case 'held':
        return HELD[cause ?? 'on_hold'] ?? 'Dieser Beitrag wartet auf eine Freigabe.';
      default:
        return NOT_OUT[cause ?? 'internal'];
    }
  },
  newDate: (at) => `Neuer Termin: ${at}`,
  resonanceHeading: 'Resonanz',
  meanLabel: (mean) => `${interactions(mean)} pro Beitrag`,
  countedLine: (counted, interactions) => `Gezählt: ${counted} mit zusammen ${interactions}.`,
  fromLastWeek: (count, shown) =>
    count === 1
      ? 'Einer davon ist vom Ende der Vorwoche und war dort noch zu jung.'
      : `${shown} davon sind vom Ende der Vorwoche und waren dort noch zu jung.`,
  removed: (count, shown) =>
    count === 1
      ? 'Ein Beitrag ist im Netzwerk nicht mehr zu finden und zählt nicht mit.'
      : `${shown} Beiträge sind im Netzwerk nicht mehr zu finden und zählen nicht mit.`,
  lastWeek: (mean, change) =>
    change === null ? `In der Woche davor: ${mean}` : `${change} gegenüber der Woche davor (${mean})`,
  fourWeeks: (weeks, mean, change) =>
    change === null
      ? `Im Mittel der ${weeks} Wochen davor: ${mean}`
      : `${change} gegenüber dem Mittel der ${weeks} Wochen davor (${mean})`,
  nothingToCompare: 'Zum Vergleichen fehlen noch frühere Wochen.',
  nothingCounted: 'Noch ist nichts gezählt: Wir zählen 24 Stunden nach dem Erscheinen.',
  nothingTold: 'Für diese Woche liegen keine Zahlen der Netzwerke vor.',
  channelsHeading: 'Interaktionen pro Beitrag je Kanal',
  channelTellsNothing: 'das Netzwerk nennt keine Zahlen',
  channelNotCounted: 'noch keine Zahlen',
  channelCounted: (published, counted) =>
    counted === null ? published : `${published}, gezählt: ${counted}`,
  noPosts: 'kein Beitrag',
  laterHeading: 'Noch nicht gezählt',
  laterLine: (count, shown) =>
    count === 1
      ? 'Ein Beitrag ist noch zu jung. Er zählt im nächsten Bericht.'
      : `${shown} Beiträge sind noch zu jung. Sie zählen im nächsten Bericht.`,
  rankingHeading: 'Stärkster und schwächster Beitrag',
  strongest: 'Am stärksten',
  weakest: 'Am schwächsten',
  interactions: (shown) => `${shown} ${interactions(shown)}`,
  usual: (median, over) => {
    const when = over === 'four_weeks' ? 'in den Wochen davor' : 'in dieser Woche';
    return `Üblich ${median === '1' ? 'war' : 'waren'} ${when} ${median} ${interactions(median)}.`;
  },
  followersHeading: 'Follower (Veränderung in der Woche)',
  nextHeading: 'So geht es weiter',
  nextPlanned: (count, shown) =>
    count === 1 ? 'Ein Beitrag ist geplant.' : `${shown} Beiträge sind geplant.`,
  nextNothing: 'Noch ist nichts geplant.',
  requestHeading: 'Eine Bitte',
  request: (request, audience) => {
    switch (request.kind) {
      case 'reconnect':
        return audience === 'agency'
          ? `Der Kanal ${placeOf(request)} braucht eine neue Verbindung.`
          : `Der Kanal ${placeOf(request)} braucht eine neue Anmeldung. Bitte melden Sie sich kurz bei uns, das dauert nur wenige Minuten.`;
      case 'topics':
        return audience === 'agency'
          ? 'Für die kommenden Tage ist noch nichts geplant.'
          : 'Worüber sollen wir als Nächstes berichten? Bitte nennen Sie uns ein Thema oder einen Termin.';
      case 'resolve':
        return request.count === 1
          ? 'Bei einem Beitrag ist unklar, ob er online ist. Bitte im Netzwerk nachsehen und entscheiden.'
          : `Bei ${request.count} Beiträgen ist unklar, ob sie online sind. Bitte im Netzwerk nachsehen und entscheiden.`;
      case 'reschedule':
        return request.count === 1
          ? 'Ein Beitrag ist nicht erschienen und hat keinen neuen Termin. Bitte entscheiden, ob er nachgeholt wird.'
          : `${request.count} Beiträge sind nicht erschienen und haben keinen neuen Termin. Bitte entscheiden, ob sie nachgeholt werden.`;
    }
  },
  agencyHeading: 'Für die Agentur',
  lateness: (median, most, counted) =>
    `Verspätung gegenüber dem Termin: im Median ${median}, höchstens ${most} (${counted}).`,
  noLateness: 'Zur Pünktlichkeit gibt es keine Angaben.',
  details: (code, attempts) => `${code ?? 'ohne Code'}, Versuche: ${attempts}`,
  definitionsHeading: 'So zählen wir',
  definitions: [
    'Ein Beitrag, der auf zwei Kanälen erscheint, zählt zweimal.',
    'Interaktionen sind Reaktionen, Antworten, geteilte und gespeicherte Beiträge, soweit das Netzwerk sie nennt. Gezählt wird 24 Stunden nach dem Erscheinen. Was ein Netzwerk nicht nennt, zählt nicht als null.',
    'Üblich heißt: Die eine Hälfte der Beiträge hatte mehr, die andere weniger.',
    'Prozente stehen hier erst ab drei Beiträgen und 20 Interaktionen.',
  ],
  tells: (count, networks, parts) => `${networks} ${count === 1 ? 'nennt' : 'nennen'} ${parts}.`,
  tellsNothing: (count, networks) => `${networks} ${count === 1 ? 'nennt' : 'nennen'} keine Zahlen.`,
  part: {
    reactions: 'Reaktionen',
    replies: 'Antworten',
    shares: 'geteilte Beiträge',
    saves: 'gespeicherte Beiträge',
  },
  asOf: (stamp, zone) => `Stand: ${stamp} (${zone})`,
  csvNote: 'Alle Zahlen liegen dieser E-Mail als CSV-Datei bei.',
  sentBy: (agency) => `Diese E-Mail kommt von ${agency}.`,
};

const NOT_OUT = {
  refused: 'Nicht erschienen: Das Netzwerk hat den Beitrag nicht angenommen.',
  unreachable: 'Nicht erschienen: Das Netzwerk war zu lange nicht erreichbar.',
  connection: 'Nicht erschienen: Die Verbindung zum Kanal muss erneuert werden.',
  interrupted: 'Nicht erschienen: Die Übertragung an das Netzwerk ist abgebrochen.',
  too_late: 'Nicht erschienen: Er wäre zu spät gekommen, deshalb wurde er nicht mehr gesendet.',
  on_hold: 'Nicht erschienen: Der Beitrag war angehalten.',
  declined: 'Nicht erschienen: Er sollte von Hand veröffentlicht werden, das hat nicht geklappt.',
  internal: 'Nicht erschienen: Bei uns gab es eine technische Störung.',
} as const;

const HELD: Readonly<Record<string, string>> = {
  connection: 'Dieser Beitrag wartet: Die Verbindung zum Kanal muss erneuert werden.',
  too_late:
    'Dieser Beitrag wartet: Sein Termin ist verstrichen. Ob er noch erscheint, ist nicht entschieden.',
  on_hold: 'Dieser Beitrag ist angehalten.',
};

export const german: Texts = {
  language: 'de',
  cellSeparator: ';',
  quoted: (text) => `„${text}“`,
  noText: '(ohne Text)',
  week: (week) => `KW ${Number(week.slice(-2))}`,
  posts: (count, shown) => `${shown} ${posts(count)}`,
  more: (count, shown) => `… und ${shown} ${count === 1 ? 'weiterer' : 'weitere'}, siehe CSV-Datei`,
  look: 'Ansehen',
  report,
  csv: csvDe,
  unsubscribe: unsubscribeDe,
};
