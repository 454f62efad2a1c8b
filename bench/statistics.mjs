const sorted = (values) => [...values].sort((a, b) => a - b);

export const percentile = (values, p) => sorted(values)[Math.min(values.length - 1, Math.ceil((p / 100) * values.length) - 1)];

export const median = (values) => {
  const all = sorted(values);
  const middle = Math.floor(all.length / 2);
  return all.length % 2 === 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
};

/** Half the range as a share of the median, such as `±3 %`. */
export const spread = (values) => `±${Math.round(((Math.max(...values) - Math.min(...values)) / 2 / median(values)) * 100)} %`;

/** The median over the rounds of each round's own ratio: what slows a whole round down slows both. */
export const pairedRatio = (ours, theirs, figure) =>
  Number(median(ours.map((run, round) => figure(run) / figure(theirs[round]))).toFixed(3));

/** How one compares with another, round by round: in throughput, and in requests for the same CPU time, which others on the machine disturb less. */
export const comparison = (ours, theirs) => ({
  rate: pairedRatio(ours, theirs, (run) => run.requestsPerSecond),
  perCpu: pairedRatio(theirs, ours, (run) => run.cpuUs),
});
