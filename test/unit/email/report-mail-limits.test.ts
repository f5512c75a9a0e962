import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../shared/domain/time.ts';
import { renderReport } from '../../../shared/email/report-mail.ts';
import {
  aFullWeek,
  aGatheredChannel,
  agencyReport,
  clientReport,
  figures,
  gathered,
  published,
  UNSUBSCRIBE,
  visible,
  WEEK_FROM,
  WEEK_TO,
} from '../../support/report-data.ts';

const monday = WEEK_FROM + 9 * HOUR;

describe('what is not known', () => {
  it('is never shown as 0', () => {
    const silent = aGatheredChannel({ name: 'Blog', network: 'WordPress', tells: [] });
    const mail = renderReport(clientReport({ channels: [silent], deliveries: [published('a', monday)] }), {
      locale: 'de',
    });
    expect(mail.subject).toBe('Bäckerei Müller · KW 48: 1 von 1 Beitrag erschienen');
    expect(mail.text).toContain('Für diese Woche liegen keine Zahlen der Netzwerke vor.');
    expect(mail.text).toContain('- Blog · WordPress: – (1 Beitrag, das Netzwerk nennt keine Zahlen)');
    expect(visible(mail.html)).not.toMatch(/\b0 Interaktionen|\b0 pro/);
    expect(mail.csv).toContain('Blog;WordPress;1;0;;;;\r\n');
  });

  it('is different from a told 0', () => {
    const mail = renderReport(clientReport({ deliveries: [published('a', monday, 0)] }), { locale: 'de' });
    expect(mail.text).toContain('0 Interaktionen pro Beitrag');
    expect(mail.csv).toContain('Bäckerei Müller;Mastodon;1;1;0;0;;\r\n');
  });
});

it('says one interaction in the singular, however it comes about', () => {
  const deliveries = [1, 1, 1].map((count, index) => published(`p${index}`, monday + index, count));
  const [de, en] = ['de', 'en'].map((locale) => renderReport(clientReport({ deliveries }), { locale }));
  expect(de?.subject).toContain(', 1 Interaktion pro Beitrag');
  expect(de?.text).not.toMatch(/\b1 Interaktionen/);
  expect(en?.subject).toContain(', 1 interaction per post');
  expect(en?.text).not.toMatch(/\b1 interactions/);
  const usual = { ...clientReport({ deliveries }), strongest: null, weakest: null };
  const [row] = usual.publications;
  if (!row) throw new Error('no row');
  const ranked = { ...usual, strongest: row, weakest: row };
  expect(renderReport(ranked, { locale: 'de' }).text).toContain('Üblich war in dieser Woche 1 Interaktion.');
  expect(renderReport(ranked, { locale: 'en' }).text).toContain('Usual this week: 1 interaction.');
});

it('reads well for an empty week', () => {
  const mail = renderReport(clientReport(), { locale: 'de' });
  expect(mail.subject).toBe('Bäckerei Müller · KW 48: nichts geplant, nichts erschienen');
  expect(mail.text).toContain('In dieser Woche war nichts geplant');
  expect(mail.text).not.toMatch(/\b0\b|NaN|undefined/);
});

it('says when it is provisional', () => {
  const mail = renderReport(clientReport({ provisional: true }), { locale: 'en' });
  expect(mail.subject).toContain('So far, Week 48');
  expect(mail.text).toContain('interim report');
});

describe('what comes from outside', () => {
  const evil = '<img src=x onerror=alert(1)>"&\'';
  const report = clientReport({
    brand: { id: 'brd', name: `${evil}\r\nBcc: all@example.com`, timeZone: 'UTC' },
    channels: [aGatheredChannel({ name: evil })],
    deliveries: [
      { ...published('a', monday, 3, { url: 'javascript:alert(1)' }), text: `=1+1;${evil}` },
      { ...published('b', monday, 2), text: '@everyone' },
      published('c', monday, 1),
    ],
  });
  const mail = renderReport(report, { locale: 'de', note: evil, unsubscribeUrl: 'javascript:1' });

  it('stays text', () => {
    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&amp;&#39;');
    expect(mail.html).not.toContain('javascript:');
    expect(mail.subject).not.toMatch(/[\r\n]/);
  });

  it('is no formula in a spreadsheet', () => {
    expect(mail.csv).toContain(`"'=1+1;<img src=x onerror=alert(1)>""&'"`);
    expect(mail.csv).toContain(`;'@everyone;`);
  });
});

describe('a text that runs from right to left', () => {
  const arabic = 'مخبز الحي';
  const mail = renderReport(
    clientReport({
      brand: { id: 'brd', name: arabic, timeZone: 'UTC' },
      channels: [aGatheredChannel({ name: arabic })],
      deliveries: [
        { ...published('a', monday, 3), text: `${arabic} 7:00` },
        // The override would turn round the rest of the line, the closing mark would break out of its own.
        { ...published('b', monday, 2), text: 'abc\u202E\u2069 def' },
        published('c', monday, 1),
      ],
    }),
    { locale: 'de' },
  );

  it('leaves the direction of what stands around it alone', () => {
    expect(mail.subject).toMatch(/^\u2068مخبز الحي\u2069 · KW 48: /);
    expect(mail.text).toContain(`„\u2068${arabic} 7:00\u2069“`);
    expect(mail.text).toContain(`\u2068${arabic}\u2069 · Mastodon`);
    expect(mail.html + mail.text).not.toMatch(/[\u202A-\u202E]/);
  });
});

it('keeps a long name from pushing the numbers out of the subject', () => {
  const brand = { id: 'brd', name: 'Straßenbahn '.repeat(8), timeZone: 'UTC' };
  const { subject } = renderReport(clientReport({ ...aFullWeek, brand }), { locale: 'de' });
  expect(subject.indexOf('5 von 8')).toBeLessThan(65);
});

it('shows beside the subject what is asked, how the week compares, and what comes', () => {
  const channels = [aGatheredChannel({ health: 'expired' }), ...(aFullWeek.channels ?? []).slice(1)];
  const { html } = renderReport(clientReport({ ...aFullWeek, channels }), { locale: 'de' });
  const [, preheader = ''] = /display:none[^>]*>(.*?)&#847;/s.exec(html) ?? [];
  expect(preheader).toBe(
    'Eine Bitte: Der Kanal Bäckerei Müller · Mastodon braucht eine neue Anmeldung. Bitte melden Sie sich kurz bei uns, ' +
      'das dauert nur wenige Minuten. +17\u00A0% gegenüber der Woche davor (300). So geht es weiter: Ein Beitrag ist geplant.',
  );
});

describe('a mail for every mail client', () => {
  it('stays under 90 KB with a hundred channels, hundreds of posts and the longest words', () => {
    const word = 'Straßenbahnhaltestellenüberdachung'.repeat(3).slice(0, 100);
    const channels = Array.from({ length: 100 }, (_, n) =>
      aGatheredChannel({
        id: `c${n}`,
        name: `${word.slice(0, 96)}${n}`,
        network: `Netz ${n}`,
        followers: [
          { day: '2026-11-23', count: 1 },
          { day: '2026-11-29', count: 2 },
        ],
      }),
    );
    const url = `https://social.example/${'x'.repeat(150)}`;
    const text = 'Ä'.repeat(400);
    const one = (n: number) => ({
      channelId: `c${n % 100}`,
      url,
      attempts: 3,
      code: 'c'.repeat(60),
      reason: text,
    });
    const deliveries = [
      ...Array.from({ length: 200 }, (_, n) => ({ ...published(`p${n}`, monday + n, n, one(n)), text })),
      ...Array.from({ length: 50 }, (_, n) => ({
        ...published(`y${n}`, WEEK_TO - 1 - n, undefined, one(n)),
        text,
      })),
      ...Array.from({ length: 50 }, (_, n) => ({
        ...gathered(`f${n}`, { state: 'failed', ...one(n) }),
        text,
      })),
    ];
    const planned = Array.from({ length: 60 }, (_, n) => ({
      ...gathered(`n${n}`, { dueAt: WEEK_TO + DAY }),
      text,
    }));
    const report = agencyReport({
      channels,
      deliveries,
      next: { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned },
      history: [figures([1, 2, 3]), figures([4, 5, 6])],
    });
    for (const locale of ['de', 'en']) {
      const mail = renderReport(report, {
        locale,
        note: 'Ü'.repeat(2_000),
        unsubscribeUrl: `${UNSUBSCRIBE}${'x'.repeat(600)}`,
      });
      expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(90 * 1_024);
      expect(mail.html).toContain(
        locale === 'de' ? '… und 88 weitere, siehe CSV-Datei' : '… and 88 more, see the CSV file',
      );
      expect(mail.csv.split('\r\n').length).toBeGreaterThan(400);
    }
  });

  it('is fluid up to 600 pixels, and made for light and dark', () => {
    const { html } = renderReport(clientReport(aFullWeek), { locale: 'de' });
    expect(html).toContain('max-width:600px');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('@media (prefers-color-scheme:dark)');
    expect(html).not.toMatch(/ width="(6[1-9]\d|[7-9]\d\d)"/);
  });
});
