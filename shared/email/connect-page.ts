import type { Account } from '../domain/channel.ts';
import { html, NOTHING, webUrl } from './html.ts';
import { smallPage } from './small-page.ts';

type Language = 'de' | 'en';

/** The account is a channel now. */
export function connectedPage(page: {
  readonly language: Language;
  readonly name: string;
  readonly account: Account;
  readonly returnUrl?: string | undefined;
}): string {
  const texts = TEXTS[page.language];
  const href = webUrl(page.returnUrl);
  const back = href === undefined ? html`${texts.close}` : html`<a href="${href}">${texts.back}</a>`;
  return smallPage(
    page.language,
    texts.connected,
    html`<p>${texts.connectedAs(page.name, page.account.handle)}</p><p>${back}</p>`,
  );
}

/** One button for each account; each sends the page's token, which is good for one of them. */
export function choicePage(page: {
  readonly language: Language;
  readonly network: string;
  readonly token: string;
  readonly choices: readonly Account[];
}): string {
  const texts = TEXTS[page.language];
  const buttons = page.choices.map(({ id, handle, url }) => {
    const href = webUrl(url);
    const look = href === undefined ? NOTHING : html` <a href="${href}" rel="noreferrer">${texts.look}</a>`;
    return html`<p><button type="submit" name="choice" value="${id}">${handle === '' ? id : handle}</button>${look}</p>`;
  });
  return smallPage(
    page.language,
    texts.choose,
    html`<p>${texts.chooseWhich(page.network)}</p><form method="post" action="/v1/connect/choose"><input type="hidden" name="token" value="${page.token}">${buttons}</form>`,
  );
}

/** Nothing was connected, and why. */
export function refusedPage(page: {
  readonly language: Language;
  readonly message: string;
  readonly reasons: readonly string[];
}): string {
  const texts = TEXTS[page.language];
  const reasons = page.reasons.map((reason) => html`<p>${reason}</p>`);
  return smallPage(
    page.language,
    texts.refused,
    html`<p>${page.message}</p>${reasons}<p>${texts.nothing}</p>`,
  );
}

const TEXTS = {
  en: {
    connected: 'Connected',
    connectedAs: (name: string, handle: string) => `${handle} is connected as “${name}”.`,
    close: 'You may close this page.',
    back: 'Back',
    choose: 'Which account?',
    chooseWhich: (network: string) => `This login may post as several accounts of ${network}. Choose one:`,
    look: 'look',
    refused: 'Not connected',
    nothing: 'Nothing was changed. Whoever sent you here can begin again.',
  },
  de: {
    connected: 'Verbunden',
    connectedAs: (name: string, handle: string) => `${handle} ist als „${name}“ verbunden.`,
    close: 'Diese Seite kann geschlossen werden.',
    back: 'Zurück',
    choose: 'Welches Konto?',
    chooseWhich: (network: string) =>
      `Mit dieser Anmeldung lässt sich auf ${network} als mehrere Konten veröffentlichen. Bitte eines wählen:`,
    look: 'ansehen',
    refused: 'Nicht verbunden',
    nothing: 'Es wurde nichts geändert. Wer hierher geschickt hat, kann neu beginnen.',
  },
} as const satisfies Record<Language, unknown>;
