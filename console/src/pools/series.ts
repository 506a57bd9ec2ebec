import type { Schema } from "@/api/client";
import { dayOf } from "@/ui/zoned";

type Sample = Schema<"SampleView">;
type Stock = Schema<"StockView">;

const DAY_MS = 86_400_000;
const HORIZON_DAYS = 60;
const STEPS = 20;

/** A day of a pool: what it had at the end, and what was issued and used on it. */
export type PoolDay = { key: string; at: string; ready: number; issued: number; redeemed: number };

/** The days of a history in the project's zone. The first day counts from the first look at it on. */
export function dailyOf(history: Sample[], timeZone: string): PoolDay[] {
  const last = new Map<string, Sample>();
  for (const sample of history) last.set(dayOf(sample.hour, timeZone), sample);
  let before = history[0];
  return [...last].map(([key, sample]) => {
    const issued = Math.max(0, sample.issued - (before?.issued ?? 0));
    const redeemed = Math.max(0, sample.redeemed - (before?.redeemed ?? 0));
    before = sample;
    return { key, at: sample.hour, ready: sample.ready, issued, redeemed };
  });
}

/** The history up to now: the last hour that was looked at may be a while ago, and a new pool has none. */
export function withNow(history: Sample[], stock: Stock): Sample[] {
  const { available, scheduled, reserved, issued, redeemed } = stock;
  const now = { hour: new Date().toISOString(), ready: available + scheduled, claimed: reserved + issued };
  return [...history, { ...now, issued, redeemed }];
}

type Point = [number, number];

/** The stock from now on at both paces, and the distance between them, at the same instants. */
export function runDown(forecast: Schema<"ForecastView">, from: number) {
  const { ready, emptyAt, emptyLatestAt } = forecast;
  const none = { from, fast: [] as Point[], slow: [] as Point[], width: [] as Point[] };
  if (!emptyAt) return none;
  const fastEnd = Date.parse(emptyAt);
  const slowEnd = emptyLatestAt ? Date.parse(emptyLatestAt) : Number.POSITIVE_INFINITY;
  const until = Math.min(
    Math.max(fastEnd, Math.min(slowEnd, from + HORIZON_DAYS * DAY_MS)),
    fastEnd * 2 - from + DAY_MS,
  );
  const times = [...Array(STEPS + 1).keys()].map((step) => from + ((until - from) * step) / STEPS);
  const at = [...new Set([...times, Math.min(fastEnd, until)])].sort((a, b) => a - b);
  const left = (end: number, time: number) => Math.max(0, ready * (1 - (time - from) / Math.max(end - from, 1)));
  return {
    from,
    fast: at.map((time): Point => [time, left(fastEnd, time)]),
    slow: at.map((time): Point => [time, left(slowEnd, time)]),
    width: at.map((time): Point => [time, left(slowEnd, time) - left(fastEnd, time)]),
  };
}
