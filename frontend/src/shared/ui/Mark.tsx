/** The exchange's mark: two ladders that cross, one rising, one falling. */

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#364fc7" />
      <path d="M6 10h6v6h7v6h7" fill="none" stroke="#91a7ff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M6 22h6v-6h7v-6h7" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
