/** A person learns at once what the exchange would refuse, next to the field it is about. */
import { describe, expect, it } from 'vitest';
import { ApiError } from '@/shared/api/errors';
import { nameProblem, newPasswordProblem, refusedField } from './credentials';

const refusal = (name: string, fields?: { field: string; problem: string }[]) =>
  new ApiError({ status: 422, code: 0, name, message: '', ...(fields && { fields }) });

describe('credentials', () => {
  it('takes names as the exchange does', () => {
    expect(nameProblem(' Alice_1 ')).toBeNull();
    for (const name of ['', 'ab', 'a b c', 'ä-name', 'x'.repeat(33)]) expect(nameProblem(name), name).not.toBeNull();
  });

  it('wants a password that is long and not the name', () => {
    expect(newPasswordProblem('correct horse', 'alice')).toBeNull();
    expect(newPasswordProblem('short', 'alice')).not.toBeNull();
    expect(newPasswordProblem('Alice-in-chains', 'alice-in-chains')).not.toBeNull();
  });

  it('knows which field a refusal is about', () => {
    expect(refusedField(refusal('name_taken'))).toBe('name');
    expect(refusedField(refusal('weak_password'))).toBe('password');
    expect(refusedField(refusal('invalid_request', [{ field: 'name', problem: 'odd' }]))).toBe('name');
    expect(refusedField(refusal('too_many_attempts'))).toBeUndefined();
    expect(refusedField(new Error('other'))).toBeUndefined();
  });
});
