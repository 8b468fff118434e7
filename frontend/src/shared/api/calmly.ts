/** Doing again and again what is asked for more often than it can be done. */

/** Work at once when asked, one run at a time and a pause after each; asked for meanwhile, once more afterwards. */
export function calmly(work: () => Promise<unknown>, pauseMs: number): () => void {
  let isBusy = false;
  let isAskedAgain = false;
  async function run(): Promise<void> {
    isAskedAgain = isBusy;
    if (isBusy) return;
    isBusy = true;
    await work().catch(() => undefined); // whoever shows what the work is for shows its failure too
    await new Promise((resume) => setTimeout(resume, pauseMs));
    isBusy = false;
    if (isAskedAgain) void run();
  }
  return () => void run();
}
