/** The hub of a wheel and its spokes. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="3"
      strokeLinecap="round"
    >
      <circle cx="16" cy="16" r="4.5" fill="var(--accent)" />
      <path d="M16 4v5M16 23v5M4 16h5M23 16h5M7.5 7.5l3.6 3.6M20.9 20.9l3.6 3.6M24.5 7.5l-3.6 3.6M11.1 20.9l-3.6 3.6" />
    </svg>
  );
}
