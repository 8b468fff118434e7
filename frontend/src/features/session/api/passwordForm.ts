/** What is wrong with a change of password before the exchange is even asked. */

export interface PasswordForm {
  old: string;
  fresh: string;
  again: string;
}

export const SHORTEST_PASSWORD = 10;

/** A sentence per field that cannot stay as it is; empty when all can. The exchange may still find it too common. */
export function passwordProblems({ old, fresh, again }: PasswordForm): Partial<PasswordForm> {
  return {
    ...(!old && { old: 'Enter the password you have now.' }),
    ...([...fresh].length < SHORTEST_PASSWORD && { fresh: `A password has at least ${SHORTEST_PASSWORD} characters.` }),
    ...(fresh && fresh === old && { fresh: 'This is the password you have now. Choose another.' }),
    ...(again !== fresh && { again: 'This is not the same as the new password above.' }),
  };
}
