import { generate } from 'lean-qr';

/** Modules of white around the code, as the standard wants. */
const MARGIN = 4;

/** Dark on white in every theme: cameras want it so. */
export function QrCode({ title, text }: { title: string; text: string }) {
  const code = generate(text);
  const size = code.size + 2 * MARGIN;
  const squares: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) squares.push(`M${x + MARGIN} ${y + MARGIN}h1v1h-1z`);
  }
  return (
    <svg role="img" aria-label={title} className="qr-code" viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}h-${size}z`} />
      <path fill="#000" d={squares.join('')} />
    </svg>
  );
}
