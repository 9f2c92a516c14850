/** The boat on its ramp: the small drawing under 24 px, the full one from there. */
export function Logo({ size }: { size: number }) {
  if (size < 24) {
    return (
      <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
        <clipPath id="logo16">
          <rect width="16" height="16" rx="3.5" />
        </clipPath>
        <g clipPath="url(#logo16)">
          <rect width="16" height="16" fill="#0F7183" />
          <path d="M0 7.7L16 13.7V16H0z" fill="#0A3F4B" />
          <g transform="translate(8 8.5) rotate(20.5)">
            <path
              d="M-6 -1.9H6.6L5.2 .6C4.8 1.3 4.2 1.7 3.4 1.7H-4C-5 1.7 -5.6 1 -5.8 .1z"
              fill="#fff"
            />
            <rect x="-3.4" y="-5.2" width="3.6" height="2.7" fill="#8FE0EA" />
          </g>
        </g>
      </svg>
    );
  }
  return (
    <svg width={size} height={size} viewBox="0 0 512 512" aria-hidden="true">
      <clipPath id="logo512">
        <rect x="16" y="16" width="480" height="480" rx="112" />
      </clipPath>
      <g clipPath="url(#logo512)">
        <rect x="16" y="16" width="480" height="480" fill="#0F7183" />
        <path d="M0 236L512 428V512H0z" fill="#0A3F4B" />
        <path d="M0 236L512 428V444L0 252z" fill="#6FD0DC" />
        <g transform="translate(252 280) rotate(20.5) scale(.97)">
          <path
            d="M-172 -62H190L152 6C141 26 122 38 100 38H-110C-136 38 -158 20 -163 -6z"
            fill="#fff"
          />
          <rect x="-118" y="-148" width="76" height="70" rx="10" fill="#6FD0DC" />
          <rect x="-26" y="-148" width="76" height="70" rx="10" fill="#fff" />
        </g>
      </g>
    </svg>
  );
}
