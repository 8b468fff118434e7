/** The market: what can be traded, and how each symbol stands. */
export { ChartPanel } from './components/ChartPanel';
export { DepthPanel } from './components/DepthPanel';
export { SymbolHeader } from './components/SymbolHeader';
export { TapePanel } from './components/TapePanel';
export { WatchList } from './components/WatchList';
