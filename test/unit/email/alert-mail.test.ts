import { describe, expect, it } from 'vitest';
import { type AlertLine, renderAlert } from '../../../shared/email/alert-mail.ts';
import { DUE_AT } from '../../support/builders.ts';

const failed: AlertLine = {
  kind: 'failed',
  where: 'Bäckerei · Mastodon',
  at: DUE_AT,
  dueAt: DUE_AT,
  excerpt: 'Frisches Brot',
  reason: 'Invalid parameter(s): title',
  id: 'dlv_0123456789abcdefghjk_01',
  url: 'https://social.example/@bakery',
};
const options = { brandName: 'Bäckerei', timeZone: 'Europe/Berlin', locale: 'de' };

describe('an alert mail', () => {
  it('says what, why, what to do, and where to look', () => {
    const mail = renderAlert([failed], { ...options, docsUrl: 'https://api.agency.example/docs' });
    expect(mail.subject).toBe('Bäckerei: Nicht erschienen: Bäckerei · Mastodon');
    for (const said of [
      '„Frisches Brot“',
      'Termin: Mo., 30. Nov., 09:00',
      'Warum: Invalid parameter(s): title',
      'Was tun: Ursache beheben',
      'dlv_0123456789abcdefghjk_01',
      'https://social.example/@bakery',
      'https://api.agency.example/docs',
    ]) {
      expect(mail.text).toContain(said);
    }
    expect(mail.html).toContain('href="https://social.example/@bakery"');
  });

  it('never says of something unclear that it is not out, nor that it should simply be sent again', () => {
    const { reason: _reason, ...line } = failed;
    for (const locale of ['de', 'en']) {
      const { text } = renderAlert([{ ...line, kind: 'uncertain' }], { ...options, locale });
      expect(text).not.toMatch(/Nicht erschienen|Not published|retry/);
      expect(text).toContain('(resolve)');
    }
  });

  it('cuts a long reason between characters, so that no half of one is left', () => {
    const { html, text } = renderAlert([{ ...failed, reason: `${'a'.repeat(299)}😀😀` }], options);
    expect([html.isWellFormed(), text.isWellFormed()]).toEqual([true, true]);
  });

  it('counts in its subject when there are several, and names the first twenty', () => {
    const many = Array.from({ length: 26 }, () => failed);
    const mail = renderAlert(many, { ...options, locale: 'en-GB' });
    expect(mail.subject).toBe('Bäckerei: 26 things need your attention');
    expect(mail.text.match(/Not published:/g)).toHaveLength(20);
    expect(mail.text).toContain('… and 6 more');
    expect(Buffer.byteLength(mail.html)).toBeLessThan(90 * 1_024);
  });

  it('keeps what comes from outside as text', () => {
    const mail = renderAlert(
      [{ ...failed, where: '<b>x</b>\r\nBcc: y', url: 'javascript:alert(1)' }],
      options,
    );
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toMatch(/<b>|javascript:/);
  });
});
