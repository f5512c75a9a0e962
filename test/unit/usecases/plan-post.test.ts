import { expect, test } from 'vitest';
import { postInput } from '../../../shared/domain/post.ts';
import type { Deps } from '../../../shared/ports.ts';
import { readListed } from '../../../shared/usecases/plan-post.ts';
import { world } from '../../simulation/world.ts';

test.each([
  ['connected', []],
  ['reconnected', ['expired']],
] as const)(
  'a channel that was %s just now is taken, though a read may not know it yet',
  async (_how, stale) => {
    const it = await world();
    const getLately: Deps['channels']['getLately'] = async () =>
      stale.map((health) => ({ ...it.channels.find, health }));
    const channels = { ...it.deps.channels, getLately };
    const input = { content: { text: 'Bread.' }, channels: [it.channels.find.id], dueAt: 'now' };
    const listed = await readListed({ channels }, it.agency.id, postInput.parse(input));
    expect(listed).toEqual([await it.deps.channels.get(it.agency.id, it.channels.find.id)]);
  },
);
