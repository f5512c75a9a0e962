/** One network's dated API. `endsOn`: the day from which requests with this version fail, as far as it is known. */
export type ApiVersion = { readonly version: string; readonly endsOn?: string; readonly source: string };

/**
 * Every API version that is sent anywhere, in one place: what ends is seen here, and told by `GET /v1/networks`
 * before it does.
 */
export const API_VERSIONS = {
  discord: {
    version: 'v10',
    source: 'https://docs.discord.com/developers/reference#api-versioning',
  },
  facebook: {
    version: 'v25.0',
    endsOn: '2028-07-29',
    source: 'https://developers.facebook.com/docs/graph-api/changelog',
  },
  instagram: {
    version: 'v25.0',
    endsOn: '2028-07-29',
    source: 'https://developers.facebook.com/docs/graph-api/changelog',
  },
  linkedin: {
    version: '202609',
    endsOn: '2027-09-01',
    source: 'https://learn.microsoft.com/linkedin/marketing/versioning',
  },
  threads: {
    version: 'v1.0',
    source: 'https://developers.facebook.com/docs/threads/changelog',
  },
} as const satisfies Readonly<Record<string, ApiVersion>>;
