import type { ThrottlingPolicy } from '../../throttling/throttling-policy.js';

/** What a commercial plan costs. Prices are decimal numbers as an administrator wrote them. */
export interface Price {
  readonly kind: 'FIXEDRATE' | 'DYNAMICRATE';
  /** Of one billing cycle, or of one request. */
  readonly amount: string;
  readonly currency: string;
  readonly billingCycle: string;
}

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,12}))?$/;

/** The price of a plan; null for a free one, and for one whose price is no decimal number. */
export const priceOf = ({ plan }: Pick<ThrottlingPolicy, 'plan'>): Price | null => {
  if (plan?.billingPlan !== 'COMMERCIAL' || plan.monetization === null) return null;
  const { monetizationPlan: kind, properties } = plan.monetization;
  if (kind === undefined) return null;
  const amount = (kind === 'FIXEDRATE' ? properties['fixedPrice'] : properties['pricePerRequest'])?.trim() ?? '';
  if (!DECIMAL.test(amount)) return null;
  return { kind, amount, currency: properties['currencyType'] ?? '', billingCycle: properties['billingCycle'] ?? 'month' };
};

/** A decimal number times a whole one, exactly, with at least two digits after the point. */
export const times = (amount: string, count: number): string => {
  const [, whole = '0', fraction = ''] = DECIMAL.exec(amount) ?? [];
  const digits = Math.max(2, fraction.length);
  const product = String(BigInt(`${whole}${fraction.padEnd(digits, '0')}`) * BigInt(count)).padStart(digits + 1, '0');
  return `${product.slice(0, -digits)}.${product.slice(-digits)}`;
};

/** When the billing cycle that runs at this time began, in UTC: at midnight of the day, of Monday, of the first of the month or of the year. */
export const cycleStart = (now: Date, billingCycle: string): Date => {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (billingCycle.toLowerCase()) {
    case 'day':
      return new Date(Date.UTC(year, month, day));
    case 'week':
      return new Date(Date.UTC(year, month, day - ((now.getUTCDay() + 6) % 7)));
    case 'year':
      return new Date(Date.UTC(year, 0, 1));
    default:
      return new Date(Date.UTC(year, month, 1));
  }
};
