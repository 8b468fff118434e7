/** Small things that every feature shows in the same way. */
export { Change } from './Change';
export { EmptyState } from './EmptyState';
export { ErrorState } from './ErrorState';
export { Mark } from './Mark';
export { Panel } from './Panel';
export { SymbolMark } from './SymbolMark';
