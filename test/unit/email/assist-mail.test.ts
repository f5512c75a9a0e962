import { describe, expect, test } from 'vitest';
import { renderAssist } from '../../../shared/email/assist-mail.ts';
import { assistPage } from '../../../shared/email/assist-page.ts';
import { type AssistView, assistParts } from '../../../shared/email/assist-parts.ts';
import { DUE_AT } from '../../support/builders.ts';

const PAGE = 'https://api.agency.example/v1/assist/token';
const aView = (over: Partial<AssistView> = {}): AssistView => ({
  agencyName: 'Agency',
  brandName: 'Bakery',
  locale: 'de',
  timeZone: 'Europe/Berlin',
  network: 'Threads',
  channelName: 'Bakery on Threads',
  dueAt: DUE_AT,
  name: 'Anna',
  text: 'Frisches <Brot>',
  thread: ['Zweitens'],
  firstComment: 'Wir haben offen.',
  poll: { question: 'Roggen?', options: ['Ja', 'Nein'], minutes: 1_440 },
  options: [{ name: 'replyControl', value: 'everyone' }],
  media: [{ name: 'brot.jpg', alt: 'Ein Brot', url: `${PAGE}/media/1` }],
  profileUrl: 'https://www.threads.com/@bakery',
  ...over,
});
const mail = (over: Partial<AssistView> = {}, reminder = false) =>
  renderAssist(aView(over), { pageUrl: PAGE, reminder });

describe('the mail that asks somebody to publish', () => {
  test('says everything that must be entered, in HTML and in text, with its time in the brand’s zone', () => {
    const { subject, html, text } = mail();
    expect(subject).toBe('Bakery: bitte jetzt veröffentlichen auf Threads');
    const said = ['Zweitens', 'Wir haben offen.', 'Roggen?', '– Nein', '1 Tag', 'replyControl: everyone'];
    for (const words of [...said, 'Anna', '09:00', PAGE, `${PAGE}/media/1`, 'threads.com/@bakery']) {
      expect(text).toContain(words);
      expect(html).toContain(words);
    }
    expect(text).toContain('Frisches <Brot>');
    expect(html).toContain('Frisches &lt;Brot&gt;');
    expect(html).not.toContain('<Brot>');
  });

  test('says in English, too, that it is a reminder', () => {
    const { subject, text } = mail({ locale: 'en-GB' }, true);
    expect(subject).toBe('Bakery: not confirmed yet on Threads');
    expect(text).toContain('Nobody has confirmed yet');
  });

  test('stays below what mailboxes cut off, and says where the rest is', () => {
    const { html, text } = mail({ text: '<'.repeat(90_000) });
    expect(Buffer.byteLength(html)).toBeLessThan(90_000);
    expect(text).toContain('der ganze Text steht auf der Seite');
  });

  test('keeps what is shown beside the subject whole, and names that run from right to left apart', () => {
    const { html, text, subject } = mail({
      text: `${'a'.repeat(119)}😀😀`,
      brandName: 'מאפייה',
      channelName: 'לחם',
    });
    expect(html.isWellFormed()).toBe(true);
    expect(subject).toContain('\u2068מאפייה\u2069');
    expect(text).toContain('\u2068מאפייה\u2069 · \u2068לחם\u2069 · ');
  });

  test('has no line break in its subject and no link that is none', () => {
    const { subject, html } = mail({ brandName: 'A\r\nBcc: all@example', deepLink: 'javascript:alert(1)' });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain('javascript:');
  });
});

describe('what must be entered', () => {
  test('names the link only where the text does not', () => {
    const link = 'https://bakery.example/';
    const headings = (text: string) => assistParts(aView({ text, link })).map(({ heading }) => heading);
    expect(headings('Brot')).toContain('Link');
    expect(headings(`Brot\n\n${link}`)).not.toContain('Link');
  });
});

describe('the page', () => {
  const page = (over: Partial<Parameters<typeof assistPage>[1]>) =>
    assistPage(aView(), { standing: 'open', late: false, ...over });

  test('has two forms while a word is waited for, one while it is on hold, and none after that', () => {
    const forms = (text: string) => text.split('<form').length - 1;
    expect(forms(page({}))).toBe(2);
    expect(forms(page({ standing: 'held' }))).toBe(1);
    for (const standing of ['moving', 'published', 'failed', 'off', 'changed'] as const) {
      expect(forms(page({ standing })), standing).toBe(0);
    }
  });

  test('shows the text again only to those who are to publish it', () => {
    expect(page({})).toContain('Frisches &lt;Brot&gt;');
    for (const standing of ['held', 'off', 'changed'] as const) {
      expect(page({ standing }), standing).not.toContain('Brot&gt;');
    }
  });

  test('escapes what people and networks say', () => {
    const problem = { words: '<b>', url: '"><script>' };
    expect(page({ problem })).not.toMatch(/<b>|<script>/);
    expect(page({ standing: 'failed', reason: '<i>no</i>' })).toContain('&lt;i&gt;no');
    expect(page({ standing: 'published', url: 'javascript:alert(1)' })).not.toContain('javascript:');
  });
});
