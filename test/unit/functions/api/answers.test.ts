import { describe, expect, it } from 'vitest';
import { presentFinding } from '../../../../functions/api/answers.ts';
import { finding } from '../../../../shared/domain/finding.ts';

describe('a finding', () => {
  it('fills its sentence from its params, and leaves what it does not know', () => {
    const found = finding('error', 'time_past', '/dueAt', { at: '2026-11-30T08:00:00Z' });
    expect(presentFinding(found, 'en').message).toBe('2026-11-30T08:00:00Z is in the past.');
    expect(presentFinding(finding('error', 'time_past', '/dueAt'), 'en').message).toBe(
      '{at} is in the past.',
    );
  });

  it('names kinds of values in German, too', () => {
    const found = finding('error', 'wrong_type', '/draft', { expected: 'true or false' });
    expect(presentFinding(found, 'de').message).toBe('„draft“ muss true oder false sein.');
  });

  it('names its field and the rule, so that the sentence can stand alone', () => {
    const said = (path: string, language: 'en' | 'de') =>
      presentFinding(finding('error', 'too_long', path, { limit: 25, unit: 'entries' }), language).message;
    expect(said('/channels', 'en')).toBe('“channels”: at most 25 entries.');
    expect(said('/report/recipients', 'de')).toBe('„report.recipients“: höchstens 25 Einträge.');
    const whole = finding('error', 'wrong_type', '', { expected: 'an object' });
    expect(presentFinding(whole, 'en').message).toBe('The body must be an object.');
  });
});
