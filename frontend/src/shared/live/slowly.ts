/** News for what need not move as often as the market does, and costs more than the eye gains from it. */

type Subscribe = (listener: () => void) => () => void;

/** Tells at once, then what came meanwhile together after a pause. */
export function slowly(subscribe: Subscribe, pauseMs: number): Subscribe {
  return (listener) => {
    let resting: ReturnType<typeof setTimeout> | undefined;
    let isNews = false;
    const tell = () => {
      isNews = resting !== undefined;
      if (isNews) return;
      resting = setTimeout(wake, pauseMs);
      listener();
    };
    const wake = () => {
      resting = undefined;
      if (isNews) tell();
    };
    const stop = subscribe(tell);
    return () => {
      clearTimeout(resting);
      stop();
    };
  };
}
