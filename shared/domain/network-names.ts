/** Names that people still use, and the network that they mean now. */
const ALIASES: Readonly<Record<string, string>> = { twitter: 'x' };

/** The id of the network that a name means; a name that is none comes back as it is. */
export const networkOf = (name: string): string =>
  Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;

/** A network that cannot be posted to any more, so that an import which names it gets a clear answer. */
export type RetiredNetwork = {
  readonly id: string;
  readonly name: string;
  /** The day on which posting ended for good; the year alone where no day was told. */
  readonly retiredOn: string;
  readonly why: { readonly en: string; readonly de: string };
  /** Networks of ours that take its place; the first one is the nearest. */
  readonly successors: readonly string[];
  readonly source?: string;
};

/** What agencies' old plans still name. Dates by the vendors' own announcements. */
export const RETIRED_NETWORKS: readonly RetiredNetwork[] = [
  {
    id: 'google-plus',
    name: 'Google+',
    retiredOn: '2019-04-02',
    why: {
      en: 'Google closed it for consumers; its API had ended on 2019-03-07.',
      de: 'Google hat es für Privatpersonen geschlossen; die Schnittstelle endete am 07.03.2019.',
    },
    successors: ['google-business', 'youtube'],
    source: 'https://developers.google.com/+/api-shutdown',
  },
  {
    id: 'vine',
    name: 'Vine',
    retiredOn: '2017-01-17',
    why: { en: 'No video could be uploaded any more.', de: 'Videos ließen sich nicht mehr hochladen.' },
    successors: ['tiktok', 'instagram', 'youtube'],
  },
  {
    id: 'myspace',
    name: 'MySpace',
    retiredOn: '2013',
    why: {
      en: 'The new MySpace came without an API for posting.',
      de: 'Das neue MySpace kam ohne Schnittstelle zum Veröffentlichen.',
    },
    successors: ['instagram', 'youtube'],
  },
  {
    id: 'facebook-profile',
    name: 'Facebook profile',
    retiredOn: '2018-08-01',
    why: {
      en: 'Facebook took the permission to publish to personal profiles away from all apps.',
      de: 'Facebook hat allen Apps die Erlaubnis entzogen, in persönlichen Profilen zu veröffentlichen.',
    },
    successors: ['facebook'],
    source: 'https://developers.facebook.com/docs/graph-api/changelog/non-versioned-changes/apr-24-2018',
  },
  {
    id: 'facebook-group',
    name: 'Facebook group',
    retiredOn: '2024-04-22',
    why: {
      en: 'Facebook ended the Groups API in all versions.',
      de: 'Facebook hat die Schnittstelle für Gruppen in allen Versionen beendet.',
    },
    successors: ['facebook'],
    source: 'https://developers.facebook.com/docs/graph-api/changelog/version19.0/',
  },
];

/** Other spellings under which old plans name them. */
const SPELLINGS: Readonly<Record<string, string>> = {
  'google+': 'google-plus',
  googleplus: 'google-plus',
  google_plus: 'google-plus',
  facebook_profile: 'facebook-profile',
  facebookprofile: 'facebook-profile',
  facebook_group: 'facebook-group',
  'facebook-groups': 'facebook-group',
  facebook_groups: 'facebook-group',
};

export function retiredNetwork(name: string): RetiredNetwork | undefined {
  const plain = name.toLowerCase();
  const id = Object.hasOwn(SPELLINGS, plain) ? SPELLINGS[plain] : plain;
  return RETIRED_NETWORKS.find((one) => one.id === id);
}

/** What to say of a network that is not offered. */
export function unofferedNetwork(name: string): {
  rule: 'network_retired' | 'unknown_network';
  params: Record<string, string>;
} {
  const retired = retiredNetwork(name);
  if (retired === undefined) return { rule: 'unknown_network', params: { network: name } };
  const { name: network, retiredOn, successors } = retired;
  return { rule: 'network_retired', params: { network, retiredOn, successors: successors.join(', ') } };
}
