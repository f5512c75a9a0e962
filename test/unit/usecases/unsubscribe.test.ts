import { describe, expect, it } from 'vitest';
import { readUnsubscribeToken, unsubscribe, unsubscribeLink } from '../../../shared/usecases/unsubscribe.ts';
import { anAgency, anId } from '../../support/builders.ts';
import { BOSS, CLIENT, type ReportWorld, reportWorld } from '../../support/report-world.ts';

async function tokenFor(world: ReportWorld, email: string): Promise<string> {
  const { url } = await unsubscribeLink(world.deps, anAgency(), world.brand.id, email);
  return url?.split('/').at(-1) ?? '';
}
const silent = (world: ReportWorld) => world.deps.mails.unsubscribed(world.brand.agencyId, world.brand.id);

describe('an unsubscribe link', () => {
  it('says whom it is about, in the reader’s language, and decides nothing by being read', async () => {
    const world = await reportWorld();
    const token = await tokenFor(world, BOSS);
    expect(await readUnsubscribeToken(world.deps, token)).toMatchObject({
      brandName: 'Bakery',
      email: BOSS,
      locale: 'en-GB',
    });
    expect(await silent(world)).toEqual(new Set());
  });

  it('ends the mails of one address, however often it is used', async () => {
    const world = await reportWorld();
    const token = await tokenFor(world, CLIENT);
    await unsubscribe(world.deps, token);
    await unsubscribe(world.deps, token);
    expect(await silent(world)).toEqual(new Set([CLIENT]));
  });

  it('cannot be forged, nor used for another brand', async () => {
    const world = await reportWorld();
    const token = await tokenFor(world, CLIENT);
    const plain = Buffer.from(token, 'base64url').toString();
    const other = anId('brd', 'other');
    await world.deps.brands.create({ ...world.brand, id: other });
    const forged = [
      '',
      'x'.repeat(5_000),
      Buffer.from(plain.replace(world.brand.id, other)).toString('base64url'),
      Buffer.from(`${world.brand.agencyId}.${world.brand.id}.v1.AAAA`).toString('base64url'),
      Buffer.from(plain.replace(world.brand.agencyId, anId('agy', 'other'))).toString('base64url'),
    ];
    for (const wrong of forged) {
      await expect(unsubscribe(world.deps, wrong)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await silent(world)).toEqual(new Set());
  });

  it('can be tried again when the key service is away', async () => {
    const world = await reportWorld();
    const token = await tokenFor(world, CLIENT);
    const fault = Object.assign(new Error('KMS is away'), { $metadata: { httpStatusCode: 503 } });
    const vault = { ...world.deps.vault, open: () => Promise.reject(fault) };
    await expect(unsubscribe({ ...world.deps, vault }, token)).rejects.toBe(fault);
  });

  it('fits into a mail header of 870 characters, for the longest address', async () => {
    const world = await reportWorld();
    const seal = async (_a: unknown, _o: string, _f: string, plain: string) =>
      `v1.${Buffer.alloc(28 + plain.length).toString('base64url')}`;
    const vault = { ...world.deps.vault, seal };
    const settings = {
      ...world.deps.settings,
      publicUrl: 'https://abcdefghij.execute-api.eu-central-1.amazonaws.com',
    };
    const { headers } = await unsubscribeLink(
      { vault, settings },
      anAgency(),
      world.brand.id,
      'x'.repeat(254),
    );
    expect(headers['List-Unsubscribe']?.length).toBeLessThanOrEqual(870);
  });

  it('is left out where no public address is known', async () => {
    const world = await reportWorld();
    const settings = { ...world.deps.settings, publicUrl: '' };
    expect(await unsubscribeLink({ ...world.deps, settings }, anAgency(), world.brand.id, CLIENT)).toEqual({
      headers: {},
    });
  });
});
