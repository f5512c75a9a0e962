import { html } from './html.ts';
import { isolated } from './place.ts';
import { smallPage } from './small-page.ts';
import { textsFor } from './texts.ts';

/**
 * The page behind an unsubscribe link. A GET only asks, because mail scanners open every link; the button POSTs to
 * the same address. `done`: it has been decided.
 */
export function unsubscribePage(page: {
  readonly brandName: string;
  readonly email: string;
  readonly locale: string;
  readonly done: boolean;
}): string {
  const { language, unsubscribe: texts } = textsFor(page.locale);
  const brand = isolated(page.brandName);
  const content = page.done
    ? html`<p>${texts.done(brand, page.email)}</p>`
    : html`<p>${texts.question(brand, page.email)}</p><form method="post"><button type="submit" name="List-Unsubscribe" value="One-Click">${texts.button}</button></form>`;
  return smallPage(language, texts.title, content);
}

/** What stands behind a link that is forged, cut off, or of a brand that is gone. */
export function deadUnsubscribePage(locale: string): string {
  const { language, unsubscribe: texts } = textsFor(locale);
  return smallPage(language, texts.title, html`<p>${texts.dead}</p>`);
}
