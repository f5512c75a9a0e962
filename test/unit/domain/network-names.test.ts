import { describe, expect, test } from 'vitest';
import { providersFor } from '../../../shared/channels/index.ts';
import {
  networkOf,
  RETIRED_NETWORKS,
  retiredNetwork,
  unofferedNetwork,
} from '../../../shared/domain/network-names.ts';

describe('names of networks', () => {
  test('“twitter” means x, and every other name itself', () => {
    expect(networkOf('twitter')).toBe('x');
    expect(networkOf('mastodon')).toBe('mastodon');
    expect(networkOf('constructor')).toBe('constructor');
  });

  test.each(['Google+', 'google-plus', 'googleplus', 'GOOGLE_PLUS'])('%s is known as retired', (name) => {
    expect(retiredNetwork(name)?.id).toBe('google-plus');
  });

  test('what was never a network is not retired', () => {
    expect(retiredNetwork('friendface')).toBeUndefined();
    expect(retiredNetwork('constructor')).toBeUndefined();
    expect(unofferedNetwork('friendface')).toEqual({
      rule: 'unknown_network',
      params: { network: 'friendface' },
    });
  });

  test('a retired one names its day and what took its place', () => {
    expect(unofferedNetwork('facebook_groups')).toEqual({
      rule: 'network_retired',
      params: { network: 'Facebook group', retiredOn: '2024-04-22', successors: 'facebook' },
    });
  });

  test('successors are networks that are offered, and none is retired and offered at once', async () => {
    const offered = await providersFor();
    for (const { id, successors } of RETIRED_NETWORKS) {
      expect(offered[id]).toBeUndefined();
      expect(successors.filter((successor) => offered[successor] === undefined)).toEqual([]);
    }
  });
});
