import { GERMAN } from './german-phrases.ts';

/**
 * German for the phrases that stand in findings and problems as plain English: what a schema says of a value,
 * and why a use case refuses. A phrase without a translation stays English.
 */
export function inGerman(phrase: string): string {
  const known = GERMAN.get(phrase);
  if (known !== undefined) return known;
  for (const [pattern, german] of PATTERNS) {
    if (pattern.test(phrase)) return phrase.replace(pattern, german);
  }
  return phrase;
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^the bytes are (\S+), not (\S+)$/, 'Ihr Inhalt ist $1, nicht $2'],
  [/^must be one of (.+)$/s, 'muss eines von $1 sein'],
  [/^must be at most (-?\d+)$/, 'darf höchstens $1 sein'],
  [/^must be less than (-?\d+)$/, 'muss kleiner als $1 sein'],
  [/^must be at least (-?\d+)$/, 'muss mindestens $1 sein'],
  [/^must be more than (-?\d+)$/, 'muss größer als $1 sein'],
  [/^must look like (.+)$/s, 'muss so aussehen: $1'],
  [/^must be (".*"|\d+|true|false)$/s, 'muss $1 sein'],
  [/^must be a multiple of (.+)$/s, 'muss ein Vielfaches von $1 sein'],
  [
    /^This needs a key with scope (\w+); this one has (\w+)\.$/,
    'Dafür ist ein Schlüssel mit scope $1 nötig; dieser hat $2.',
  ],
  [
    /^There is no ISO week (.+); write it like (.+)\.$/s,
    'Eine ISO-Woche $1 gibt es nicht; bitte wie $2 schreiben.',
  ],
  [
    /^Week (\S+) is not over yet; without a week, the report is provisional\.$/,
    'Die Woche $1 ist noch nicht vorbei; ohne Woche entsteht ein vorläufiger Bericht.',
  ],
  [/^The brand did not exist in week (\S+)\.$/, 'In der Woche $1 gab es die Marke noch nicht.'],
  [
    /^Not every local time can be kept in (\S+); move these posts first\.$/,
    'In $1 lässt sich nicht jede Ortszeit halten; bitte zuerst diese Beiträge verschieben.',
  ],
  [
    /^(.+) has no removal by API; remove it there by hand\.$/s,
    '$1 kann per API nichts entfernen; bitte dort von Hand entfernen.',
  ],
  [
    /^(.+) has no editing by API; edit it there by hand\.$/s,
    '$1 kann per API nichts ändern; bitte dort von Hand ändern.',
  ],
  [/^The network could not be asked: (.+)$/s, 'Das Netzwerk war nicht erreichbar: $1'],
  [/^The network refused: (.+)$/s, 'Das Netzwerk hat abgelehnt: $1'],
  [/^Only what is (.+) can be .+; this is (\w+)\.$/, 'Das geht nur bei $1; das hier ist $2.'],
];
