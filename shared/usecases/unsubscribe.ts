import type { Agency } from '../domain/agency.ts';
import { notFound } from '../domain/app-error.ts';
import type { Deps } from '../ports.ts';
import { openToken, sealedToken } from './sealed-token.ts';

/** Whom an unsubscribe link is about. */
export type Subscription = {
  readonly agencyId: string;
  readonly brandId: string;
  readonly brandName: string;
  readonly email: string;
  readonly locale: string;
};

const FIELD = 'unsubscribe';

/** Link and headers by which one recipient ends the mails of one brand; none when no public address is known. */
export async function unsubscribeLink(
  deps: Pick<Deps, 'vault' | 'settings'>,
  agency: Agency,
  brandId: string,
  email: string,
): Promise<{ url?: string; headers: Readonly<Record<string, string>> }> {
  if (deps.settings.publicUrl === '') return { headers: {} };
  const token = await sealedToken(deps, agency, { owner: brandId, field: FIELD, plain: email });
  const url = `${deps.settings.publicUrl}/v1/unsubscribe/${token}`;
  return {
    url,
    // RFC 8058: mail clients POST this by themselves when their reader asks for it.
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

/**
 * What a GET of the link may show; it decides nothing, because mail scanners open every link.
 * @throws AppError `not_found` for every token that is not ours, or whose brand is gone
 */
export async function readUnsubscribeToken(
  deps: Pick<Deps, 'vault' | 'agencies' | 'brands'>,
  token: string,
): Promise<Subscription> {
  const { agency, owner, plain: email } = await openToken(deps, FIELD, token);
  const brand = await deps.brands.get(agency.id, owner);
  if (!brand) throw notFound('link');
  const locale = recipientLocale(brand.report.recipients, email) ?? brand.locale;
  return { agencyId: agency.id, brandId: brand.id, brandName: brand.name, email, locale };
}

/** What a POST of the link does, as often as it comes. */
export async function unsubscribe(
  deps: Pick<Deps, 'vault' | 'agencies' | 'brands' | 'mails' | 'clock'>,
  token: string,
): Promise<Subscription> {
  const subscription = await readUnsubscribeToken(deps, token);
  const { agencyId, brandId, email } = subscription;
  await deps.mails.unsubscribe(agencyId, brandId, email, deps.clock.now());
  return subscription;
}

function recipientLocale(
  recipients: readonly { email: string; locale?: string | undefined }[],
  email: string,
): string | undefined {
  return recipients.find((recipient) => recipient.email.toLowerCase() === email.toLowerCase())?.locale;
}
