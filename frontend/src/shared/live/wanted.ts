/** What the page's parts want to hear, counted, so that the last one to leave ends the subscription. */

export class Wanted {
  private readonly counts = new Map<string, number>();

  constructor(private readonly changed: (symbol: string, isWanted: boolean) => void) {}

  /** Want a symbol until the returned function is called. */
  want(symbol: string): () => void {
    const count = (this.counts.get(symbol) ?? 0) + 1;
    this.counts.set(symbol, count);
    if (count === 1) this.changed(symbol, true);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.release(symbol);
    };
  }

  symbols(): string[] {
    return [...this.counts.keys()].sort();
  }

  private release(symbol: string): void {
    const count = (this.counts.get(symbol) ?? 1) - 1;
    if (count > 0) {
      this.counts.set(symbol, count);
      return;
    }
    this.counts.delete(symbol);
    this.changed(symbol, false);
  }
}
