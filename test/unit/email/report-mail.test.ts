import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../shared/email/report-mail.ts';
import { textsFor } from '../../../shared/email/texts.ts';
import { aFullWeek, agencyReport, clientReport, UNSUBSCRIBE, visible } from '../../support/report-data.ts';

describe('a report in German', () => {
  const mail = renderReport(clientReport(aFullWeek), { locale: 'de', unsubscribeUrl: UNSUBSCRIBE });

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
    expect(mail.text).toContain('+17\u00A0% gegenüber der Woche davor (300)');
    expect(mail.text).toContain('+29\u00A0% gegenüber dem Mittel der 2 Wochen davor (271,4)');
    expect(mail.text).toContain('zusammen 1.053 Interaktionen');
    expect(mail.text).toContain('Bäckerei Müller · Mastodon: 1.204 (+12)');
  });

  it('says what is usual, what is not counted yet, what comes next, and as of when', () => {
    expect(mail.text).toContain('Üblich waren in den Wochen davor 300 Interaktionen.');
    expect(mail.text).toContain('Ein Beitrag ist noch zu jung. Er zählt im nächsten Bericht.');
    expect(mail.text).toContain('Ein Beitrag ist geplant.');
    expect(mail.text).toContain('Stand: Mo., 30. Nov. 2026, 08:00 MEZ (Europe/Berlin)');
    expect(mail.text).toContain('WordPress nennt keine Zahlen.');
  });
});

describe('a report in English', () => {
  it('follows the locale in words, numbers and times', () => {
    const mail = renderReport(clientReport(aFullWeek), { locale: 'en-US' });
    expect(mail.subject).toBe(
      'Bäckerei Müller · Week 48: 5 of 8 posts published, 1 being checked, 351 interactions per post',
    );
    expect(mail.text).toContain('+29% on the average of the 2 weeks before (271.4)');
    expect(mail.text).toContain('Thu, Dec 3, 12:00 AM');
    expect(renderReport(clientReport(aFullWeek), { locale: 'en-GB' }).text).toContain('Thu 3 Dec, 00:00');
  });
});

describe('every rendering', () => {
  for (const locale of ['de', 'en']) {
    it(`says the same numbers as HTML, text, CSV and JSON (${locale})`, () => {
      const report = clientReport(aFullWeek);
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
    const mail = renderReport(clientReport(aFullWeek), { locale: 'de', note: 'Liebe Grüße' });
    const html = visible(mail.html);
    const lines = mail.text.split('\n').map((line) => line.replace(/^[- ]+/, '').replace(/\s+/g, ' '));
    for (const line of lines.filter((text) => text !== '' && !/^https?:|: –? ?\S* ?\(/.test(text))) {
      expect(html).toContain(line);
    }
  });
});

describe('the client’s copy', () => {
  const mail = renderReport(clientReport(aFullWeek), { locale: 'de', unsubscribeUrl: UNSUBSCRIBE });
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
    expect(renderReport(clientReport(aFullWeek), { locale: 'de', audience: 'agency' }).html).not.toContain(
      'Für die Agentur',
    );
    const shown = renderReport(agencyReport(aFullWeek), { locale: 'de', audience: 'client' });
    for (const secret of ['rest_invalid_param', 'dlv_', '(ms)']) {
      expect(shown.html + shown.csv).not.toContain(secret);
    }
  });
});

it('says whose copy it is and whom it comes from', () => {
  const agencyName = 'Agentur Nord';
  const own = renderReport(agencyReport(aFullWeek), { locale: 'de', agencyName });
  const clients = renderReport(clientReport(aFullWeek), { locale: 'de', agencyName });
  expect(own.text).toContain('Wochenbericht · Fassung für die Agentur · KW 48');
  expect(clients.text).toContain('Wochenbericht · KW 48 · 23.–29. Nov. 2026');
  expect(clients.text).toContain('Diese E-Mail kommt von Agentur Nord.');
});

it('tells the agency lateness, codes and tries', () => {
  const mail = renderReport(agencyReport(aFullWeek), { locale: 'de' });
  expect(mail.text).toContain('Für die Agentur');
  expect(mail.text).toContain(
    'Verspätung gegenüber dem Termin: im Median 0,2 Sek., höchstens 0,2 Sek. (5 Beiträge).',
  );
  expect(mail.text).toContain('rest_invalid_param, Versuche: 1');
  expect(mail.csv).toContain('rest_invalid_param');
});
