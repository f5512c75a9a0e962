import { type Stores, stores } from '../../shared/adapters/store/stores.ts';
import type { Agency } from '../../shared/domain/agency.ts';
import { idFromBytes, sha256 } from '../../shared/domain/ids.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { type ApiWorld, apiWorld, fakeProvider } from '../support/api-world.ts';
import { aHold, anActor, anAgency, anApiKey, anId, MADE_AT } from '../support/builders.ts';
import { type Belongings, nothing, together } from './belongings.ts';
import { brandIdOf, fillBrand, type Mark, marks } from './tenant.ts';
import { type Touch, watchedTable } from './watched-table.ts';

export type TwoTenants = {
  readonly world: ApiWorld;
  /** What the callers' own brand has. */
  readonly own: Belongings;
  /** What another agency has, and what another brand of the callers' agency has. */
  readonly others: { readonly agency: Belongings; readonly brand: Belongings };
  readonly otherAgencyId: string;
  /** Asked for or written to since it was last emptied. */
  readonly touched: Touch[];
};

type Options = {
  readonly spoil?: Spoil | undefined;
  /** The clock stands still; else there is a second between two requests, so that no limit is met. */
  readonly standing?: boolean;
};

export const OTHER_AGENCY = anId('agy', 'other');

/** Makes stores that are not sound: the check must see it. */
export type Spoil = (sound: Stores) => Stores;

/** Keys of the callers: for the whole agency, and for its first brand only. */
export const KEYS = {
  // An admin comes furthest, so most requests are an admin's.
  whole: ['admin', 'admin', 'admin', 'editor', 'reader'],
  limited: ['limited-admin', 'limited-admin', 'limited-editor', 'limited-reader'],
} as const;

/**
 * One table with two agencies, and every text of what is not the callers' marked by a canary. Two such worlds are the
 * same to the last byte, random ids included, and stay so under the same requests.
 */
export async function twoTenants({
  spoil = (sound) => sound,
  standing = false,
}: Options = {}): Promise<TwoTenants> {
  const touched: Touch[] = [];
  const now = { at: MADE_AT, monotonic: 0 };
  const table = watchedTable(memoryTable(), (touch) => touched.push(touch));
  const networks = ['fakenet', 'othernet', 'thirdnet'].map((id) => fakeProvider({ id, login: LOGIN }));
  const world = await apiWorld({
    providers: networks,
    deps: {
      ...spoil(stores(table, () => now.at)),
      clock: {
        now: () => now.at,
        monotonic: () => (now.monotonic += standing ? 0 : 1_000),
        sleep: async () => {},
      },
    },
  });
  const filled = await fillAgency(world, world.agency, 'own', 'admin');
  const spare = await world.addKey('spare', { scope: 'reader' });
  const own = { ...filled, keyId: [spare.id] };
  const hiddenId = brandIdOf(world.agency, 'hidden');
  await world.addKey('hidden', { scope: 'admin', brandIds: [hiddenId] });
  const hidden = await fillBrand(world, world.agency, {
    name: 'hidden',
    mark: marks('canary-hidden'),
    key: 'hidden',
    minute: 7,
  });
  for (const scope of ['admin', 'editor', 'reader'] as const) {
    await world.addKey(`limited-${scope}`, { scope, brandIds: own.brandId });
  }
  const other = anAgency({ id: OTHER_AGENCY, name: 'canary-agency-0' });
  await world.deps.agencies.create(other);
  await world.deps.agencies.putKey(
    anApiKey({
      id: anId('key', 'other'),
      agencyId: other.id,
      hash: sha256('other'),
      actor: { name: 'canary-key-0', email: 'canary-key-1@other.example' },
    }),
  );
  const theirs = await fillAgency(world, other, 'canary-other', 'other');
  touched.length = 0;
  const { network: _, ...ofBrand } = hidden;
  return {
    world,
    own,
    others: {
      agency: together([theirs, { ...nothing(), keyId: [anId('key', 'other')] }]),
      // Apps belong to the agency; an account that stands in another brand is told, by design.
      brand: { ...ofBrand, network: [], host: [] },
    },
    otherAgencyId: other.id,
    touched,
  };
}

async function fillAgency(world: ApiWorld, agency: Agency, owner: string, key: string): Promise<Belongings> {
  const mark = marks(owner);
  const brand = await fillBrand(world, agency, {
    name: 'first',
    mark,
    key,
    minute: key === 'other' ? 13 : 0,
  });
  const [brandId = ''] = brand.brandId;
  const isOther = key === 'other';
  const network = isOther ? 'othernet' : 'fakenet';
  await fillApp(world, agency, network, mark);
  const hold = aHold({
    id: idFromBytes('hld', Buffer.from(sha256(agency.id), 'hex')),
    agencyId: agency.id,
    scope: { agency: true },
    reason: mark(),
    by: anActor({ name: mark() }),
    until: MADE_AT + 1,
  });
  await world.deps.holds.put(hold);
  return together([
    brand,
    {
      ...nothing(),
      holdId: [hold.id],
      network: [network],
      // Of the right form, with a secret that was sealed for somebody else.
      token: [Buffer.from(`${agency.id}.${brandId}.${mark()}`).toString('base64url')],
      state: [`${agency.id}.${'s'.repeat(43)}`, `${agency.id}.${brand.loginId[0]}.${'s'.repeat(43)}`],
    },
  ]);
}

async function fillApp({ deps }: ApiWorld, agency: Agency, network: string, mark: Mark): Promise<void> {
  const clientSecret = await deps.vault.seal(agency, network, 'app', mark());
  await deps.apps.put({
    agencyId: agency.id,
    network,
    clientId: mark(),
    clientSecret,
    setAt: MADE_AT,
    setBy: anActor({ name: mark() }),
  });
}

export const LOGIN = {
  authorizeUrl: 'https://network.example/authorize',
  tokenUrl: 'https://network.example/token',
  scopes: ['write'],
  pkce: true,
  choices: async () => ({ kind: 'choices' as const, choices: [] }),
};
