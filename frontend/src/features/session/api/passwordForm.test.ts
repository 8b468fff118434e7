/** A change of password is checked before it is sent. */
import { describe, expect, it } from 'vitest';
import { passwordProblems } from './passwordForm';

const FINE = { old: 'the old password', fresh: 'a new password', again: 'a new password' };

describe('a change of password', () => {
  it('is fine with the old one and twice the same new one', () => {
    expect(passwordProblems(FINE)).toEqual({});
  });

  it('needs the old password', () => {
    expect(Object.keys(passwordProblems({ ...FINE, old: '' }))).toEqual(['old']);
  });

  it('needs ten characters, counted as people count them', () => {
    expect(passwordProblems({ ...FINE, fresh: '123456789', again: '123456789' }).fresh).toContain('at least 10');
    expect(passwordProblems({ ...FINE, fresh: '🙂'.repeat(9), again: '🙂'.repeat(9) }).fresh).toContain('at least 10');
    expect(passwordProblems({ ...FINE, fresh: '🙂'.repeat(10), again: '🙂'.repeat(10) })).toEqual({});
  });

  it('needs another password than the old one, twice the same', () => {
    expect(passwordProblems({ old: FINE.fresh, fresh: FINE.fresh, again: FINE.fresh }).fresh).toContain('Choose another');
    expect(passwordProblems({ ...FINE, again: 'a new passwort' }).again).toContain('not the same');
  });
});
