import { BlockList, isIP } from 'node:net';

export type GuardOptions = {
  /** The laptop only: loopback hosts are channel hosts there, and may speak plain http. */
  readonly allowLoopback: boolean;
};

/**
 * May this address be connected to? Only public unicast addresses; loopback where it is allowed, and nothing but
 * loopback for plain http. A name's every address is asked about, and the one that passed is the one connected to.
 */
export function isAllowedAddress(
  address: string,
  { allowLoopback }: GuardOptions,
  protocol: string = 'https:',
): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || address.includes('%')) return false;
  if (LOOPBACK[family].check(address, family)) return allowLoopback;
  if (protocol !== 'https:') return false;
  if (family === 'ipv4') return !NOT_PUBLIC.check(address, family);
  return GLOBAL_UNICAST.check(address, family) && !NOT_PUBLIC.check(address, family);
}

/**
 * Why this URL must not be asked, or undefined. Names nothing but its host. Only port 443, so that nobody's ports are
 * knocked at from here; any port where loopback is allowed, since what runs there cannot have 443.
 */
export function urlProblem(text: string, { allowLoopback }: GuardOptions): string | undefined {
  if (!URL.canParse(text)) return 'this is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowLoopback && url.protocol === 'http:')) {
    return 'only https:// is allowed';
  }
  if (url.username !== '' || url.password !== '') return 'a URL with a user name or password is not allowed';
  // `URL` leaves out the port that belongs to the scheme.
  if (!allowLoopback && url.port !== '') return 'only port 443 is allowed';
  const host = hostOf(url);
  if (host.length > LONGEST_NAME) return 'the host name is too long';
  if (isIP(host) !== 0 && !isAllowedAddress(host, { allowLoopback }, url.protocol)) {
    return `${host} is not a public address`;
  }
  return undefined;
}

/** Host name or bare address: `URL` puts IPv6 addresses in brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** RFC 1035 §2.3.4, as text: 253 characters and a dot at the end. */
const LONGEST_NAME = 254;

// Kept apart by family: a list takes a mapped address (::ffff:127.0.0.1) for the IPv4 address in it.
const LOOPBACK = {
  ipv4: listOf({ ipv4: ['127.0.0.0/8'], ipv6: [] }),
  ipv6: listOf({ ipv4: [], ipv6: ['::1/128'] }),
};

// https://www.iana.org/assignments/ipv6-address-space: outside it stand ::, loopback, mapped (::ffff:0:0/96),
// NAT64 (64:ff9b::/96), unique local (fc00::/7, with the metadata address fd00:ec2::254), link-local, multicast.
const GLOBAL_UNICAST = listOf({ ipv4: [], ipv6: ['2000::/3'] });

// https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry
// Loopback is not among them: it has been judged before.
const NOT_PUBLIC = listOf({
  ipv4: [
    '0.0.0.0/8', // this network
    '10.0.0.0/8', // private
    '100.64.0.0/10', // carrier-grade NAT
    '168.63.129.16/32', // Azure's host agent: public by its number, and answers inside Azure only
    '169.254.0.0/16', // link-local, with the cloud metadata address 169.254.169.254
    '172.16.0.0/12', // private
    '192.0.0.0/24', // protocol assignments
    '192.0.2.0/24', // documentation
    '192.88.99.0/24', // 6to4 relays
    '192.168.0.0/16', // private
    '198.18.0.0/15', // benchmarks
    '198.51.100.0/24', // documentation
    '203.0.113.0/24', // documentation
    '224.0.0.0/4', // multicast
    '240.0.0.0/4', // reserved, broadcast
  ],
  ipv6: [
    '2001::/23', // protocol assignments, with Teredo
    '2001:db8::/32', // documentation
    '2002::/16', // 6to4: an IPv4 address in disguise
    '3fff::/20', // documentation
  ],
});

function listOf(subnets: { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] }): BlockList {
  const list = new BlockList();
  for (const family of ['ipv4', 'ipv6'] as const) {
    for (const subnet of subnets[family]) {
      const [net = '', prefix] = subnet.split('/');
      list.addSubnet(net, Number(prefix), family);
    }
  }
  return list;
}
