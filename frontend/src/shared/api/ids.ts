/** Names nobody else gives, also where the page is not served securely and `crypto.randomUUID` is missing. */

/** 128 random bits as hexadecimal digits. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
