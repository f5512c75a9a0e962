/**
 * Claims (`claimedBy`) of this wake, and of the one it follows, under which certainly nothing was sent: they are put
 * in before they are written, and taken out before their attempt begins.
 */
export type UnsentClaims = Set<string>;

/** Two for each of a post's 25 deliveries: one that stands, and one whose write may have failed. */
const MOST = 50;

/**
 * A wake that failed with claims that it has not sent under. They travel with the message that is put back, so that
 * its next worker need not wait for the end of their leases.
 */
export class UnfinishedWake extends Error {
  override readonly name = 'UnfinishedWake';
  readonly unsent: readonly string[];

  constructor(cause: unknown, claims: UnsentClaims) {
    super('a wake failed before all was sent', { cause });
    this.unsent = [...claims].slice(-MOST);
  }
}
