/** A session lives across reloads and tabs, and a refresh token is never used twice. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, unreachable } from './errors';
import { KEPT_KEY, SessionStore, type SessionGround, type Tokens } from './sessionStore';

const LIFE_S = 900;

class MemoryStorage {
  private readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

/** The exchange's side: each refresh token works once, a second use ends the session. */
class Exchange {
  private made = 0;
  private current = '';
  private isEnded = false;
  refreshes = 0;
  isAway = false;

  tokens(name = 'alice'): Tokens {
    this.made += 1;
    this.current = `refresh-${this.made}`;
    return { account_id: `id-${name}`, name, access_token: `access-${this.made}`, refresh_token: this.current, expires_in: LIFE_S };
  }

  refresh = async (token: string): Promise<Tokens> => {
    await Promise.resolve();
    if (this.isAway) throw unreachable();
    this.refreshes += 1;
    this.isEnded ||= token !== this.current;
    if (this.isEnded) throw new ApiError({ status: 401, code: 40110002, name: 'session_ended', message: 'ended' });
    return this.tokens();
  };
}

/** One browser: tabs share storage and a lock. */
class Browser {
  nowMs = 1_000_000;
  readonly shared = new MemoryStorage();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(readonly exchange: Exchange) {}

  tab(ofTab = new MemoryStorage()): SessionStore {
    const ground: SessionGround = {
      shared: this.shared,
      ofTab,
      refresh: this.exchange.refresh,
      nowMs: () => this.nowMs,
      exclusively: (work) => {
        const mine = this.queue.then(work, work);
        this.queue = mine.catch(() => undefined);
        return mine;
      },
    };
    return new SessionStore(ground);
  }
}

describe('session', () => {
  let exchange: Exchange;
  let browser: Browser;
  beforeEach(() => {
    exchange = new Exchange();
    browser = new Browser(exchange);
  });

  it('is nobody\'s at first, and the person\'s after logging in', async () => {
    const tab = browser.tab();
    await tab.start();
    expect(tab.getState()).toMatchObject({ status: 'anonymous', hasEnded: false });

    tab.signIn(exchange.tokens());

    expect(tab.getState()).toMatchObject({ status: 'signed-in', accountName: 'alice' });
    expect(await tab.accessToken()).toBe('access-1');
  });

  it('survives a reload without spending a refresh token', async () => {
    const ofTab = new MemoryStorage();
    browser.tab(ofTab).signIn(exchange.tokens());

    const reloaded = browser.tab(ofTab);
    await reloaded.start();

    expect(await reloaded.accessToken()).toBe('access-1');
    expect(exchange.refreshes).toBe(0);
  });

  it('is taken up by a new tab, and both tabs go on side by side', async () => {
    const first = browser.tab();
    first.signIn(exchange.tokens());
    const second = browser.tab();
    expect(second.getState().status).toBe('loading');
    await second.start();
    browser.nowMs += LIFE_S * 1_000;

    const tokens = await Promise.all([first.accessToken(), second.accessToken(), first.accessToken(), second.accessToken()]);

    expect(new Set(tokens).size).toBe(2);
    expect(first.getState().status).toBe('signed-in');
    expect(second.getState().status).toBe('signed-in');
  });

  it('renews once for all requests that were refused with the same token', async () => {
    const tab = browser.tab();
    tab.signIn(exchange.tokens());

    const renewed = await Promise.all([tab.renew('access-1'), tab.renew('access-1')]);
    const late = await tab.renew('access-1');

    expect([...renewed, late]).toEqual(['access-2', 'access-2', 'access-2']);
    expect(exchange.refreshes).toBe(1);
  });

  it('stays signed in while the exchange is away', async () => {
    browser.tab().signIn(exchange.tokens());
    exchange.isAway = true;
    const tab = browser.tab();

    await tab.start();

    expect(tab.getState().status).toBe('signed-in');
    await expect(tab.accessToken()).rejects.toMatchObject({ name: 'unreachable' });
    exchange.isAway = false;
    expect(await tab.accessToken()).toBe('access-2');
  });

  it('says that it has ended when its refresh token no longer works', async () => {
    const tab = browser.tab();
    tab.signIn(exchange.tokens());
    exchange.tokens();
    expect(await tab.renew()).toBeUndefined();
    expect(tab.getState()).toMatchObject({ status: 'anonymous', hasEnded: true });
    expect(browser.shared.getItem(KEPT_KEY)).toBeNull();
  });

  it('follows another tab out, and into another account', () => {
    const ofTab = new MemoryStorage();
    const [one, other] = [browser.tab(), browser.tab(ofTab)];
    other.signIn(exchange.tokens());
    one.follow();
    expect(one.getState()).toMatchObject({ status: 'signed-in', accountName: 'alice' });

    one.signIn(exchange.tokens('bob'));
    other.follow();
    expect(other.getState()).toMatchObject({ accountName: 'bob' });
    expect(other.tokenInHand()).toBeUndefined();

    one.signOut();
    other.follow();
    expect(other.getState().status).toBe('anonymous');
  });

  it('does not bring a session back that was left while it was being renewed', async () => {
    const tab = browser.tab();
    tab.signIn(exchange.tokens());

    const renewing = tab.renew();
    await Promise.resolve();
    tab.signOut();
    await renewing;

    expect(tab.getState().status).toBe('anonymous');
    expect(browser.shared.getItem(KEPT_KEY)).toBeNull();
  });

  it('tells listeners of a new token even when nothing else changed', async () => {
    const tab = browser.tab();
    tab.signIn(exchange.tokens());
    const told = vi.fn();
    tab.subscribe(told);
    await tab.renew();
    expect(told).toHaveBeenCalledOnce();
  });
});
