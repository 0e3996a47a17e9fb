"""Reference answers for test/stats/needed-clusters.test.ts: power where the spread was estimated, and the clusters that it takes.

Run: python generate-power.py (scipy). The chance of a t test (scipy.stats.nct), averaged over sigma = s / sqrt(chi2 / nu) by
adaptive quadrature over chi2's quantiles.
"""
import json
from pathlib import Path

import numpy as np
import scipy
from scipy import integrate, stats


def power(distance, standard_error, estimated_with, degrees, alpha):
    critical = stats.t.isf(alpha, degrees)

    def found(u):
        s = np.sqrt(stats.chi2.ppf(u, estimated_with) / estimated_with)
        return stats.nct.sf(critical, degrees, distance / standard_error * s)

    return integrate.quad(found, 0, 1, epsabs=1e-11, epsrel=1e-11, limit=400)[0]


def needed(standard_error, degrees, clusters, margin, alpha):
    low, high = 2, 3650
    while low < high:
        count = (low + high) // 2
        error = standard_error * np.sqrt(clusters / count)
        if power(margin, error, degrees, max(1, degrees * (count - 1) / (clusters - 1)), alpha) >= 0.8:
            high = count
        else:
            low = count + 1
    return low


POWERS = [
    (0.01, 0.005, 30, 30, 0.025),
    (0.01, 0.005, 6.5, 12.2, 0.025),
    (0.01, 0.002, 3, 3, 0.005),
    (-0.004, 0.005, 12, 40, 0.025),
    (0, 0.005, 9, 9, 0.05),
]
NEEDED = [
    (0.005, 30, 31, 0.01, 0.025),
    (0.008, 9.4, 28, 0.01, 0.025),
    (0.004, 41, 42, 0.01, 0.005),
    (0.02, 17, 90, 0.015, 0.01),
]
POWER_KEYS = ["distance", "standardError", "estimatedWith", "degreesOfFreedom", "alpha"]
NEEDED_KEYS = ["standardError", "degreesOfFreedom", "clusters", "margin", "alpha"]
document = {
    "scipy": scipy.__version__,
    "powers": [{**dict(zip(POWER_KEYS, one)), "power": power(*one)} for one in POWERS],
    "needed": [{**dict(zip(NEEDED_KEYS, one)), "needed": needed(*one)} for one in NEEDED],
}
(Path(__file__).parent / "estimated-power.json").write_text(json.dumps(document) + "\n")
