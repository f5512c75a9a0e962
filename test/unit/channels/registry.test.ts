import { describe, expect, test } from 'vitest';
import { providersFor } from '../../../shared/channels/index.ts';

describe('the registry', () => {
  test('offers the sandbox only where one runs', () => {
    expect(Object.keys(providersFor())).not.toContain('sandbox');
    expect(Object.keys(providersFor({ sandboxUrl: 'http://127.0.0.1:9' }))).toContain('sandbox');
  });

  test('enters every provider under its own id', () => {
    for (const [id, provider] of Object.entries(providersFor({ sandboxUrl: 'http://127.0.0.1:9' }))) {
      expect(provider.id).toBe(id);
      expect(provider.name).not.toBe('');
    }
  });

  test('has no network by the name of what every object has', () => {
    expect(providersFor().constructor).toBeUndefined();
    expect(providersFor().toString).toBeUndefined();
  });
});
