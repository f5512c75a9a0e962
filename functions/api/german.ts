/**
 * German for the phrases that stand in findings and problems as plain English: what a schema says of a value,
 * and why a use case refuses. A phrase without a translation stays English.
 */
export function inGerman(phrase: string): string {
  const known = PHRASES.get(phrase);
  if (known !== undefined) return known;
  for (const [pattern, german] of PATTERNS) {
    if (pattern.test(phrase)) return phrase.replace(pattern, german);
  }
  return phrase;
}

const PHRASES = new Map([
  ['a text', 'ein Text'],
  ['a number', 'eine Zahl'],
  ['a whole number', 'eine ganze Zahl'],
  ['true or false', 'true oder false'],
  ['a list', 'eine Liste'],
  ['an object', 'ein Objekt'],
  ['nothing', 'nichts'],
  ['must be an e-mail address', 'muss eine E-Mail-Adresse sein'],
  ['must be a web address', 'muss eine Webadresse sein'],
  [
    'must be an RFC 3339 time with an offset, like 2026-11-30T09:00:00+01:00',
    'muss eine Zeit nach RFC 3339 mit Offset sein, etwa 2026-11-30T09:00:00+01:00',
  ],
  ['must be a date like 2026-11-30', 'muss ein Datum wie 2026-11-30 sein'],
  ['must be an IANA time zone like Europe/Berlin', 'muss eine IANA-Zeitzone sein, etwa Europe/Berlin'],
  ['must be de or en, with or without a region', 'muss de oder en sein, mit oder ohne Region'],
  ['must be a time of day like 08:00', 'muss eine Uhrzeit wie 08:00 sein'],
  ['must be an ISO 8601 duration like PT1H', 'muss eine Dauer nach ISO 8601 sein, etwa PT1H'],
  ['must be a local time like 2026-11-30T09:00', 'muss eine Ortszeit wie 2026-11-30T09:00 sein'],
  [
    'must be an RFC 3339 instant, "now", or {"local": …}',
    'muss eine Zeit nach RFC 3339, "now" oder {"local": …} sein',
  ],
  [
    'must be {"agency": true}, {"brandId": …} or {"channelId": …}',
    'muss {"agency": true}, {"brandId": …} oder {"channelId": …} sein',
  ],
  ['must be the cursor of an earlier page', 'muss der Cursor einer früheren Seite sein'],
  ['may be given only once', 'darf nur einmal vorkommen'],
  ['has not the right form', 'hat nicht die richtige Form'],
  [
    'The request was not understood; findings say why.',
    'Die Anfrage wurde nicht verstanden; findings nennt die Gründe.',
  ],
  ['It was changed since you read it: read it again.', 'Das wurde inzwischen geändert: bitte neu lesen.'],
  [
    'This key is limited to some brands; this needs one for all of them.',
    'Dieser Schlüssel gilt nur für einzelne Marken; hier ist einer für alle nötig.',
  ],
  [
    'A valid API key is needed: Authorization: Bearer sp_…',
    'Ein gültiger API-Schlüssel ist nötig: Authorization: Bearer sp_…',
  ],
  ['Too many requests with this key.', 'Zu viele Anfragen mit diesem Schlüssel.'],
  ['The body is not JSON.', 'Der Inhalt ist kein JSON.'],
  ['The body is larger than 256 KB.', 'Der Inhalt ist größer als 256 KB.'],
  [
    'Posts are queued in local time: say by ?reslot=keep-instant or ?reslot=keep-local what becomes of them.',
    'Es sind Beiträge in Ortszeit eingeplant: ?reslot=keep-instant oder ?reslot=keep-local sagt, was aus ihnen wird.',
  ],
  [
    'Deliveries are still open: cancel them, or delete with ?cancel=true.',
    'Es sind noch Zustellungen offen: bitte abbrechen oder mit ?cancel=true löschen.',
  ],
  [
    'Some deliveries are publishing at this moment: try again in a minute.',
    'Einige Zustellungen gehen gerade hinaus: bitte in einer Minute noch einmal.',
  ],
  [
    'This is the last admin key: make another one first.',
    'Das ist der letzte Admin-Schlüssel: bitte zuerst einen weiteren anlegen.',
  ],
  ['There is no such link.', 'Diesen Link gibt es nicht.'],
  ['There is no such brand.', 'Diese Marke gibt es nicht.'],
  ['There is no such channel.', 'Diesen Kanal gibt es nicht.'],
  ['There is no such post.', 'Diesen Beitrag gibt es nicht.'],
  ['There is no such delivery.', 'Diese Zustellung gibt es nicht.'],
  ['There is no such hold.', 'Diesen Stopp gibt es nicht.'],
  ['There is no such report.', 'Diesen Bericht gibt es nicht.'],
  ['There is no such key.', 'Diesen Schlüssel gibt es nicht.'],
  ['There is no such address.', 'Diese Adresse gibt es nicht.'],
]);

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^must be one of (.+)$/s, 'muss eines von $1 sein'],
  [/^must look like (.+)$/s, 'muss so aussehen: $1'],
  [/^must be (".*"|\d+|true|false)$/s, 'muss $1 sein'],
  [/^must be a multiple of (.+)$/s, 'muss ein Vielfaches von $1 sein'],
  [
    /^This needs a key with scope (\w+); this one has (\w+)\.$/,
    'Dafür ist ein Schlüssel mit scope $1 nötig; dieser hat $2.',
  ],
];
