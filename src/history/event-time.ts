/** Times and numbers as protobuf carries them. */
interface Timestamp {
  readonly seconds?: LongLike | number | string | null;
  readonly nanos?: number | null;
}

interface LongLike {
  toNumber(): number;
}

/** Protobuf's 64-bit numbers come as Long objects, or as strings from JSON. */
export function toNumber(value: LongLike | number | string | null | undefined): number {
  if (value === null || value === undefined) return 0;
  return typeof value === 'object' ? value.toNumber() : Number(value);
}

/** RFC 3339 with milliseconds, rounded down as the SDK's workflow clock is. */
export function isoTime(time: Timestamp | null | undefined): string {
  const ms = toNumber(time?.seconds) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
  return new Date(ms).toISOString();
}
