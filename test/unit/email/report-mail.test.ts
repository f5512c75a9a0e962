import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../shared/domain/build-report.ts';
import type { ReportData } from '../../../shared/domain/report.ts';
import type { ReportInput } from '../../../shared/domain/report-input.ts';
import { DAY, HOUR } from '../../../shared/domain/time.ts';
import { renderReport } from '../../../shared/email/report-mail.ts';
import { textsFor } from '../../../shared/email/texts.ts';
import {
  aGatheredChannel,
  aReportInput,
  figures,
  gathered,
  published,
  WEEK_FROM,
  WEEK_TO,
} from '../../support/report-data.ts';

const monday = WEEK_FROM + 9 * HOUR;
const UNSUBSCRIBE = 'https://api.agency.example/v1/unsubscribe/token';

const data = (over: Partial<ReportInput> = {}): ReportData => buildReport(aReportInput(over)).data.client;
const agencyData = (over: Partial<ReportInput> = {}): ReportData =>
  buildReport(aReportInput(over)).data.agency;

const full: Partial<ReportInput> = {
  channels: [
    aGatheredChannel({
      followers: [
        { day: '2026-11-23', count: 1_192 },
        { day: '2026-11-29', count: 1_204 },
      ],
    }),
    aGatheredChannel({ id: 'blog', name: 'Backstubenblog', network: 'WordPress', tells: [] }),
  ],
  deliveries: [
    published('a', monday, 1_041),
    published('b', monday + HOUR, 12),
    published('c', monday + 2 * HOUR, 0, { attempts: 2 }),
    published('young', WEEK_TO - HOUR),
    published('blog', monday, undefined, { channelId: 'blog' }),
    gathered('failed', {
      channelId: 'blog',
      state: 'failed',
      code: 'rest_invalid_param',
      reason: 'Secret words',
    }),
    gathered('later', { state: 'retrying', code: 'unavailable', nextAttemptAt: WEEK_TO + 3 * DAY }),
    gathered('doubt', { state: 'uncertain', code: 'unclear' }),
  ],
  history: [figures([300, 300, 300]), figures([200, 400, 300, 100])],
  next: { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned: [gathered('next', { dueAt: WEEK_TO + 2 * DAY })] },
};

/** What a reader sees of the HTML. */
const visible = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

describe('a report in German', () => {
  const mail = renderReport(data(full), { locale: 'de', unsubscribeUrl: UNSUBSCRIBE });

  it('says brand, week, published of planned and interactions per post in its subject', () => {
    expect(mail.subject).toBe(
      'Bäckerei Müller · KW 48: 5 von 8 Beiträgen erschienen, 1 in Prüfung, 351 Interaktionen pro Beitrag',
    );
  });

  it('tells each failure in plain words, with its new date', () => {
    expect(mail.text).toContain('Nicht erschienen: Das Netzwerk hat den Beitrag nicht angenommen.');
    expect(mail.text).toContain('Neuer Termin: Do., 3. Dez., 00:00');
    expect(mail.text).toContain('Wir prüfen gerade, ob dieser Beitrag online ist.');
  });

  it('sets the week beside the one before and the weeks before, by its own number format', () => {
    expect(mail.text).toContain('Woche davor: 300 (+17\u00A0%)');
    expect(mail.text).toContain('Mittel der 2 Wochen davor: 271,4 (+29\u00A0%)');
    expect(mail.text).toContain('zusammen 1.053 Interaktionen');
    expect(mail.text).toContain('Bäckerei Müller · Mastodon: 1.204 (+12)');
  });

  it('says what is usual, what is not counted yet, what comes next, and as of when', () => {
    expect(mail.text).toContain('Üblich waren in den vier Wochen davor 300 Interaktionen.');
    expect(mail.text).toContain('Ein Beitrag ist noch zu jung. Er zählt im nächsten Bericht.');
    expect(mail.text).toContain('Ein Beitrag ist geplant.');
    expect(mail.text).toContain('Stand: Mo., 30. Nov. 2026, 08:00 MEZ (Europe/Berlin)');
    expect(mail.text).toContain('WordPress nennt keine Zahlen.');
  });
});

describe('a report in English', () => {
  it('follows the locale in words, numbers and times', () => {
    const mail = renderReport(data(full), { locale: 'en-US' });
    expect(mail.subject).toBe(
      'Bäckerei Müller · Week 48: 5 of 8 posts published, 1 being checked, 351 interactions per post',
    );
    expect(mail.text).toContain('Average of the 2 weeks before: 271.4 (+29%)');
    expect(mail.text).toContain('Thu, Dec 3, 12:00 AM');
    expect(renderReport(data(full), { locale: 'en-GB' }).text).toContain('Thu 3 Dec, 00:00');
  });
});

describe('every rendering', () => {
  for (const locale of ['de', 'en']) {
    it(`says the same numbers as HTML, text, CSV and JSON (${locale})`, () => {
      const report = data(full);
      const mail = renderReport(report, { locale });
      const { figure } = textsFor(locale).csv;
      const separator = textsFor(locale).cellSeparator;
      const lines = mail.csv.split('\r\n');
      const number = (value: number, useGrouping: boolean) =>
        new Intl.NumberFormat(locale, { maximumFractionDigits: 1, useGrouping }).format(value);
      const facts = {
        published: report.published,
        planned: report.planned,
        mean: report.resonance.mean,
        interactions: report.resonance.interactions,
        lastWeek: report.lastWeek?.mean,
        fourWeeks: report.fourWeeks?.mean,
        usual: report.usual?.median,
      };
      for (const [name, fact] of Object.entries(facts)) {
        const value = fact ?? Number.NaN;
        expect(visible(mail.html)).toContain(number(value, true));
        expect(mail.text).toContain(number(value, true));
        const label = figure[name as keyof typeof facts];
        const cell = label.includes(separator) ? `"${label}"` : label;
        expect(lines).toContain(`${cell}${separator}${number(value, false)}`);
      }
    });
  }

  it('has every sentence of the text in the HTML, too', () => {
    const mail = renderReport(data(full), { locale: 'de', note: 'Liebe Grüße' });
    const html = visible(mail.html);
    const lines = mail.text.split('\n').map((line) => line.replace(/^[- ]+/, '').replace(/\s+/g, ' '));
    for (const line of lines.filter((text) => text !== '' && !/^https?:|: –? ?\S* ?\(/.test(text))) {
      expect(html).toContain(line);
    }
  });
});

describe('the client’s copy', () => {
  const mail = renderReport(data(full), { locale: 'de', unsubscribeUrl: UNSUBSCRIBE });
  const everything = `${mail.subject}${mail.html}${mail.text}${mail.csv}`;

  it('holds no codes, no ids, no milliseconds and no words of a network', () => {
    for (const secret of [
      'rest_invalid_param',
      'Secret words',
      'unavailable',
      'unclear',
      'dlv_',
      'Verspätung',
      '(ms)',
    ]) {
      expect(everything).not.toContain(secret);
    }
  });

  it('loads nothing: no image, no pixel, no font, no script', () => {
    expect(mail.html).not.toMatch(/<(img|script|link|iframe|object|video|svg)|url\(|@import|background=/i);
    const links = [...mail.html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);
    expect(new Set(links)).toEqual(
      new Set(['a', 'c', 'young'].map((name) => `https://social.example/${name}`).concat(UNSUBSCRIBE)),
    );
  });

  it('keeps the agency’s details even when they are asked for', () => {
    expect(renderReport(data(full), { locale: 'de', audience: 'agency' }).html).not.toContain(
      'Für die Agentur',
    );
    const shown = renderReport(agencyData(full), { locale: 'de', audience: 'client' });
    for (const secret of ['rest_invalid_param', 'dlv_', '(ms)']) {
      expect(shown.html + shown.csv).not.toContain(secret);
    }
  });
});

it('tells the agency lateness, codes and tries', () => {
  const mail = renderReport(agencyData(full), { locale: 'de' });
  expect(mail.text).toContain('Für die Agentur');
  expect(mail.text).toContain(
    'Verspätung gegenüber dem Termin: im Median 0,2 Sek., höchstens 0,2 Sek. (5 Beiträge).',
  );
  expect(mail.text).toContain('rest_invalid_param, vergebliche Versuche: 0');
  expect(mail.csv).toContain('rest_invalid_param');
});

describe('what is not known', () => {
  it('is never shown as 0', () => {
    const silent = aGatheredChannel({ name: 'Blog', network: 'WordPress', tells: [] });
    const mail = renderReport(data({ channels: [silent], deliveries: [published('a', monday)] }), {
      locale: 'de',
    });
    expect(mail.subject).toBe('Bäckerei Müller · KW 48: 1 von 1 Beitrag erschienen');
    expect(mail.text).toContain('Für diese Woche liegen keine Zahlen der Netzwerke vor.');
    expect(mail.text).toContain('- Blog · WordPress: – (1 Beitrag, nennt keine Zahlen)');
    expect(visible(mail.html)).not.toMatch(/\b0 Interaktionen|\b0 pro/);
    expect(mail.csv).toContain('Blog;WordPress;1;0;;;;\r\n');
  });

  it('is different from a told 0', () => {
    const mail = renderReport(data({ deliveries: [published('a', monday, 0)] }), { locale: 'de' });
    expect(mail.text).toContain('0 Interaktionen pro Beitrag');
    expect(mail.csv).toContain('Bäckerei Müller;Mastodon;1;1;0;0;;\r\n');
  });
});

it('reads well for an empty week', () => {
  const mail = renderReport(data(), { locale: 'de' });
  expect(mail.subject).toBe('Bäckerei Müller · KW 48: nichts geplant, nichts erschienen');
  expect(mail.text).toContain('In dieser Woche war nichts geplant');
  expect(mail.text).not.toMatch(/\b0\b|NaN|undefined/);
});

it('says when it is provisional', () => {
  const mail = renderReport(data({ provisional: true }), { locale: 'en' });
  expect(mail.subject).toContain('So far, Week 48');
  expect(mail.text).toContain('interim report');
});

describe('what comes from outside', () => {
  const evil = '<img src=x onerror=alert(1)>"&\'';
  const report = data({
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
    const report = agencyData({
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
    const { html } = renderReport(data(full), { locale: 'de' });
    expect(html).toContain('max-width:600px');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('@media (prefers-color-scheme:dark)');
    expect(html).not.toMatch(/ width="(6[1-9]\d|[7-9]\d\d)"/);
  });
});
