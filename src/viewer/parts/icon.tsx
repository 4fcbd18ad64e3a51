/** The icons of the page, drawn with the colour of the text around them. They say nothing on their own. */

const PATHS = {
  model:
    'M8 1.8l1.5 4.2 4.2 1.5-4.2 1.5L8 13.2 6.5 9 2.3 7.5 6.5 6zM13 11.5l.6 1.4 1.4.6-1.4.6-.6 1.4-.6-1.4-1.4-.6 1.4-.6z',
  tool: 'M10.7 2.2a3.6 3.6 0 0 0-4.3 4.6L2.2 11a1.6 1.6 0 0 0 0 2.3l.5.5a1.6 1.6 0 0 0 2.3 0l4.2-4.2a3.6 3.6 0 0 0 4.6-4.3L11.6 7.500 9 7 8.500 4.400z',
  server: 'M2.500 3h11v4h-11zM2.500 9h11v4h-11zM5 5h.01M5 11h.01',
  check: 'M3 8.500l3.300 3.300L13 4.800',
  cross: 'M4 4l8 8M12 4l-8 8',
  redo: 'M12.800 6.200A5 5 0 1 0 13 9M13 3v3.400H9.600',
  question: 'M6 6.200a2 2 0 1 1 2.800 1.900c-.6.300-.8.600-.8 1.300M8 11.800v.010',
  copy: 'M5.500 5.500h7.500v7.500H5.500zM3 10.500V3h7.500',
  chevron: 'M6 4l4 4-4 4',
  plus: 'M8 3v10M3 8h10',
  sun: 'M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1.100 1.100M11.900 11.900L13 13M13 3l-1.100 1.100M4.100 11.900L3 13',
  moon: 'M13.200 9.600A5.600 5.600 0 0 1 6.400 2.800a5.600 5.600 0 1 0 6.800 6.800z',
  stop: 'M4.500 4.500h7v7h-7z',
  keyboard: 'M1.500 4h13v8h-13zM4 6.500h.01M6.700 6.500h.01M9.400 6.500h.01M12 6.500h.01M5 9.500h6',
  send: 'M2.500 8h10M8.500 4l4 4-4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
