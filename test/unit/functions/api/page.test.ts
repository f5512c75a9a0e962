import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../../functions/api/page.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';

describe('a cursor', () => {
  it('brings the sort position back', () => {
    const position = 'D#2026-11-30T08:00:00Z#post_ü';
    expect(decodeCursor(encodeCursor(position))).toBe(position);
    expect(decodeCursor(undefined)).toBeUndefined();
  });

  it('that was never ours is refused at /cursor', () => {
    for (const cursor of ['', '!', 'a b', 'abcde', `${encodeCursor('x')}=`]) {
      const act = () => decodeCursor(cursor);
      expect(act, cursor).toThrow(AppError);
      expect(act).toThrow(
        expect.objectContaining({ findings: [expect.objectContaining({ path: '/cursor' })] }),
      );
    }
  });
});
