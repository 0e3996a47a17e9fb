"""The peers of bench/stats/speed.ts: reads the shared inputs, does one method, prints one line of JSON."""

import json
import resource
import sys
import time

import numpy as np


def delong(labels, a, b):
    """Sun & Xu (2014) with SciPy's midranks, the usual Python form."""
    from scipy.stats import rankdata

    positive = labels == 1
    m, n = positive.sum(), (~positive).sum()
    v10, v01, areas = [], [], []
    for scores in (a, b):
        x, y = scores[positive], scores[~positive]
        pooled, of_x, of_y = rankdata(np.concatenate([x, y])), rankdata(x), rankdata(y)
        areas.append(pooled[:m].sum() / m / n - (m + 1) / 2 / n)
        v10.append((pooled[:m] - of_x) / n)
        v01.append(1 - (pooled[m:] - of_y) / m)
    covariance = np.cov(v10) / m + np.cov(v01) / n
    return areas[1] - areas[0], covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]


def bca_numpy(x, replicates, rng):
    """By hand: vectorised resampling in batches that stay in the cache, O(n) jackknife."""
    from scipy.stats import norm

    n = len(x)
    means = np.empty(replicates)
    for start in range(0, replicates, 100):
        stop = min(replicates, start + 100)
        means[start:stop] = x[rng.integers(0, n, size=(stop - start, n))].mean(axis=1)
    jackknife = (x.sum() - x) / (n - 1)
    d = jackknife.mean() - jackknife
    a = (d**3).sum() / (6 * (d**2).sum() ** 1.5)
    z0 = norm.ppf((means < x.mean()).mean())
    z = norm.ppf([0.025, 0.975])
    return np.quantile(means, norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z))))


def sign_flips_numpy(d, replicates, rng):
    """By hand: random bits as a matrix, and a matrix product."""
    n = len(d)
    sums = np.empty(replicates)
    for start in range(0, replicates, 100):
        stop = min(replicates, start + 100)
        count = (stop - start) * n
        bits = np.unpackbits(np.frombuffer(rng.bytes((count + 7) // 8), dtype=np.uint8))[:count]
        sums[start:stop] = d.sum() - 2 * bits.reshape(stop - start, n).astype(float) @ d
    return ((abs(sums) >= abs(d.sum())).sum() + 1) / (replicates + 1)


def run(method, peer, inputs, replicates):
    from scipy import stats

    rng = np.random.default_rng(1)
    if method == "bca":
        (x,) = inputs
        if peer == "numpy":
            return bca_numpy(x, replicates, rng)
        found = stats.bootstrap((x,), np.mean, n_resamples=replicates, method="BCa", batch=100, rng=rng)
        return found.confidence_interval
    if method == "sign-flip":
        (d,) = inputs
        if peer == "numpy":
            return sign_flips_numpy(d, replicates, rng)
        mean = lambda x, axis=-1: np.mean(x, axis=axis)  # noqa: E731
        return stats.permutation_test(
            (d,), mean, permutation_type="samples", n_resamples=replicates, vectorized=True, batch=100, rng=rng
        ).pvalue
    if method == "delong":
        return delong(*inputs)
    found = stats.ks_2samp(*inputs, method="asymp")
    return found.statistic, found.pvalue


def main():
    method, peer, replicates, *files = sys.argv[1:]
    inputs = [np.fromfile(name) for name in files]
    # What is loaded on first use is not measured.
    for _ in range(10):
        run(method, peer, [x[:2000] for x in inputs], 20)
    run(method, peer, inputs, int(replicates))
    before, begin = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    answer = run(method, peer, inputs, int(replicates))
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu": cpu, "wall": wall, "peakKiB": after.ru_maxrss, "answer": np.ravel(answer).tolist()}))


main()
