import type { Agency } from '../domain/agency.ts';
import { notFound } from '../domain/app-error.ts';
import type { Deps } from '../ports.ts';

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
  // Sealed with the agency's key and bound to the brand: it cannot be forged, and needs no look-up.
  const sealed = await deps.vault.seal(agency, brandId, FIELD, email);
  const token = Buffer.from(`${agency.id}.${brandId}.${sealed}`, 'utf8').toString('base64url');
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
  const match = /^(agy_[0-9a-z]+)\.(brd_[0-9a-z]+)\.(.+)$/s.exec(
    Buffer.from(token.slice(0, 2_000), 'base64url').toString('utf8'),
  );
  const [, agencyId = '', brandId = '', sealed = ''] = match ?? [];
  const agency = match ? await deps.agencies.get(agencyId) : undefined;
  const brand = agency ? await deps.brands.get(agencyId, brandId) : undefined;
  if (!agency || !brand) throw notFound('link');
  const email = await opened(deps, agency, brandId, sealed);
  const locale = recipientLocale(brand.report.recipients, email) ?? brand.locale;
  return { agencyId, brandId, brandName: brand.name, email, locale };
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

async function opened(
  deps: Pick<Deps, 'vault'>,
  agency: Agency,
  brandId: string,
  sealed: string,
): Promise<string> {
  try {
    return await deps.vault.open(agency, brandId, FIELD, sealed);
  } catch (error) {
    // A key service that is away is no forged token: the reader must be able to try again.
    if (isFault(error)) throw error;
    throw notFound('link');
  }
}

/** AWS errors carry `$metadata`; errors of the network carry a `syscall`. A token that does not open has neither. */
function isFault(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ('$metadata' in error || 'syscall' in error);
}

function recipientLocale(
  recipients: readonly { email: string; locale?: string | undefined }[],
  email: string,
): string | undefined {
  return recipients.find((recipient) => recipient.email.toLowerCase() === email.toLowerCase())?.locale;
}
