const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A whole number and its unit: `30s`, `2m`, `1h`, `30d`. */
export const DURATION = /^[1-9]\d{0,5}[smhd]$/;

/** Milliseconds of a text that {@link DURATION} matches. */
export const durationMs = (text: string): number => {
  const unit = text.at(-1);
  const unitMs = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? UNITS_MS[unit] : Number.NaN;
  return Number(text.slice(0, -1)) * unitMs;
};
