import { sha256 } from './ids.ts';

const LONGEST = 200;

/**
 * The same text for the same page, however its address was copied: without scheme, `www.`, fragment and slash at the
 * end. Queries stay, because some networks name their posts in them.
 */
export function pageKey(url: string): string {
  const { host, pathname, search } = new URL(url);
  const key = `${host.replace(/^www\./, '')}${pathname.replace(/\/+$/, '')}${search}`;
  return key.length <= LONGEST ? key : sha256(key);
}

/** A web address as people paste it, scheme or not; undefined when it is none. */
export function readWebUrl(text: string): string | undefined {
  const given = text.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(url);
  const isPage = /^https?:$/.test(protocol) && hostname.includes('.') && username + password === '';
  return isPage && href.length <= 2_048 ? href : undefined;
}
