/** Every sentence of the mail that asks somebody to publish by hand, and of the page behind it. */
export type AssistTexts = {
  readonly language: 'de' | 'en';
  readonly subject: (network: string, brand: string, reminder: boolean) => string;
  readonly title: (network: string) => string;
  readonly subtitle: (brand: string, channel: string, due: string) => string;
  readonly hello: (name: string | undefined) => string;
  readonly ask: (network: string, reminder: boolean) => string;
  readonly steps: readonly string[];
  readonly openPage: string;
  readonly open: string;
  readonly text: string;
  readonly link: string;
  readonly thread: (number: number) => string;
  readonly firstComment: string;
  readonly poll: string;
  readonly lasts: (minutes: number) => string;
  readonly options: string;
  readonly media: string;
  readonly download: (name: string) => string;
  readonly alt: (alt: string) => string;
  readonly openForm: (network: string) => string;
  readonly openProfile: string;
  readonly cut: string;
  readonly why: (agency: string, channel: string) => string;
  readonly url: string;
  readonly published: string;
  readonly cannot: string;
  readonly reason: string;
  readonly notPublished: string;
  readonly late: string;
  readonly held: string;
  readonly heldBut: string;
  readonly moving: string;
  readonly thanks: string;
  readonly isPublished: (at: string | undefined) => string;
  readonly isFailed: (reason: string | undefined) => string;
  readonly noted: string;
  readonly off: string;
  readonly changed: string;
  readonly nothingChanged: string;
  readonly look: string;
  readonly dead: string;
};

export const assistTextsFor = (locale: string): AssistTexts =>
  locale.toLowerCase().split('-')[0] === 'de' ? german : english;

const english: AssistTexts = {
  language: 'en',
  subject: (network, brand, reminder) =>
    `${brand}: ${reminder ? 'not confirmed yet' : 'please publish now'} on ${network}`,
  title: (network) => `Please publish on ${network}`,
  subtitle: (brand, channel, due) => `${brand} · ${channel} · due ${due}`,
  hello: (name) => (name === undefined ? 'Hello,' : `Hello ${name},`),
  ask: (network, reminder) =>
    reminder
      ? `Nobody has confirmed yet that this post is on ${network}. If it is, please say so on the page.`
      : `This post is due now, and posts on ${network} have to be published by hand.`,
  steps: [
    '1. Copy the text, and save the files if there are any.',
    '2. Publish it on the network.',
    '3. Confirm on the page that it is out, ideally with the address of the post.',
  ],
  openPage: 'Text to copy, files, and “it is published”',
  open: 'Open',
  text: 'Text',
  link: 'Link',
  thread: (number) => `Post ${number} of the thread`,
  firstComment: 'First comment',
  poll: 'Poll',
  lasts: (minutes) =>
    `Runs for ${spoken(minutes, ['day', 'days'], ['hour', 'hours'], ['minute', 'minutes'])}.`,
  options: 'Settings',
  media: 'Files',
  download: (name) => `Open ${name}`,
  alt: (alt) => `Description for people who cannot see it: ${alt}`,
  openForm: (network) => `Open the form on ${network}`,
  openProfile: 'Open the profile',
  cut: '… the whole text is on the page.',
  why: (agency, channel) => `${agency} has named you as the person who publishes on “${channel}”.`,
  url: 'Address of the published post',
  published: 'It is published',
  cannot: 'It cannot be published',
  reason: 'Why not?',
  notPublished: 'It is not published',
  late: 'There has been no answer for 48 hours. Please tell us what became of this post.',
  held: 'This post is on hold: please do not publish it now. You will get an e-mail when it may go out.',
  heldBut: 'If it is out already, please say so:',
  moving: 'This post is being processed right now. Please try again in a minute.',
  thanks: 'Thank you.',
  isPublished: (at) =>
    at === undefined ? 'It is recorded as published.' : `It is recorded as published on ${at}.`,
  isFailed: (reason) => `It is recorded as not published${reason === undefined ? '.' : `: ${reason}`}`,
  noted: 'The agency has been told.',
  off: 'This post was called off. Please do not publish it.',
  changed:
    'This post was changed after this e-mail was sent. Please do not publish that version; a newer e-mail has the current one.',
  nothingChanged:
    'This had already been settled, so nothing was changed. If that is wrong, please tell the agency.',
  look: 'View post',
  dead: 'This link is not valid or has expired. Please use the one in the most recent e-mail.',
};

const german: AssistTexts = {
  language: 'de',
  subject: (network, brand, reminder) =>
    `${brand}: ${reminder ? 'noch nicht bestätigt auf' : 'bitte jetzt veröffentlichen auf'} ${network}`,
  title: (network) => `Bitte auf ${network} veröffentlichen`,
  subtitle: (brand, channel, due) => `${brand} · ${channel} · fällig ${due}`,
  hello: (name) => (name === undefined ? 'Guten Tag,' : `Guten Tag ${name},`),
  ask: (network, reminder) =>
    reminder
      ? `bisher hat niemand bestätigt, dass dieser Beitrag auf ${network} erschienen ist. Falls ja, bitte auf der Seite eintragen.`
      : `dieser Beitrag ist jetzt fällig, und auf ${network} wird von Hand veröffentlicht.`,
  steps: [
    '1. Den Text kopieren und, falls vorhanden, die Dateien speichern.',
    '2. Den Beitrag im Netzwerk veröffentlichen.',
    '3. Auf der Seite bestätigen, am besten mit der Adresse des Beitrags.',
  ],
  openPage: 'Text zum Kopieren, Dateien und Bestätigung',
  open: 'Öffnen',
  text: 'Text',
  link: 'Link',
  thread: (number) => `Beitrag ${number} des Threads`,
  firstComment: 'Erster Kommentar',
  poll: 'Umfrage',
  lasts: (minutes) =>
    `Läuft ${spoken(minutes, ['Tag', 'Tage'], ['Stunde', 'Stunden'], ['Minute', 'Minuten'])}.`,
  options: 'Einstellungen',
  media: 'Dateien',
  download: (name) => `${name} öffnen`,
  alt: (alt) => `Beschreibung für Menschen, die es nicht sehen: ${alt}`,
  openForm: (network) => `Formular von ${network} öffnen`,
  openProfile: 'Profil öffnen',
  cut: '… der ganze Text steht auf der Seite.',
  why: (agency, channel) => `${agency} hat Sie als die Person genannt, die auf „${channel}“ veröffentlicht.`,
  url: 'Adresse des veröffentlichten Beitrags',
  published: 'Ist veröffentlicht',
  cannot: 'Lässt sich nicht veröffentlichen',
  reason: 'Warum nicht?',
  notPublished: 'Ist nicht veröffentlicht',
  late: 'Seit 48 Stunden gibt es keine Rückmeldung. Bitte hier angeben, was daraus geworden ist.',
  held: 'Dieser Beitrag ist angehalten. Bitte jetzt nicht veröffentlichen. Wenn es weitergeht, kommt eine E-Mail.',
  heldBut: 'Falls er schon veröffentlicht ist, bitte hier bestätigen:',
  moving: 'Dieser Beitrag wird gerade bearbeitet. Bitte in einer Minute noch einmal versuchen.',
  thanks: 'Vielen Dank.',
  isPublished: (at) =>
    at === undefined ? 'Er gilt als veröffentlicht.' : `Er gilt seit ${at} als veröffentlicht.`,
  isFailed: (reason) => `Er gilt als nicht veröffentlicht${reason === undefined ? '.' : `: ${reason}`}`,
  noted: 'Die Agentur weiß Bescheid.',
  off: 'Dieser Beitrag wurde abgesagt. Bitte nicht veröffentlichen.',
  changed:
    'Dieser Beitrag wurde nach dieser E-Mail geändert. Bitte nicht so veröffentlichen, wie er dort steht; die aktuelle Fassung enthält eine neuere E-Mail.',
  nothingChanged:
    'Das war schon entschieden; jetzt wurde nichts geändert. Falls das nicht stimmt, bitte der Agentur Bescheid geben.',
  look: 'Ansehen',
  dead: 'Dieser Link gilt nicht oder nicht mehr. Bitte den Link in der neuesten E-Mail verwenden.',
};

type Unit = readonly [one: string, many: string];

function spoken(minutes: number, day: Unit, hour: Unit, minute: Unit): string {
  const said = (count: number, [one, many]: Unit): string => `${count} ${count === 1 ? one : many}`;
  if (minutes % 1_440 === 0) return said(minutes / 1_440, day);
  return minutes % 60 === 0 ? said(minutes / 60, hour) : said(minutes, minute);
}
