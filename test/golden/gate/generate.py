"""Reference answers for test/stats: the wild cluster bootstrap.

Run: python generate.py (numpy 2.4, pandas, statsmodels 0.15, wildboottest 0.3.2). The wild bootstrap is checked
against two others: all 2^G Rademacher draws, each refitted by ordinary least squares, and wildboottest's WCU-11.
"""

import json
import pathlib

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm
from wildboottest.wildboottest import wildboottest

HERE = pathlib.Path(__file__).parent
CHUNK = 1 << 14


def clustered(random, sizes, heavy):
    """Rows of clusters with a common part; some clusters much larger and some much wilder than others."""
    codes = np.repeat(np.arange(len(sizes)), sizes)
    common = random.standard_t(3, len(sizes)) if heavy else random.normal(size=len(sizes))
    values = common[codes] + random.normal(size=len(codes)) + 0.4
    return np.round(values, 4), codes


def fit(values, codes, groups):
    """Mean and its clustered standard error, by the textbook: bread, meat, G/(G-1)."""
    mean = values.mean(axis=-1, keepdims=True)
    residuals = values - mean
    sums = np.stack([residuals[..., codes == g].sum(axis=-1) for g in range(groups)], axis=-1)
    variance = (sums**2).sum(axis=-1) / values.shape[-1] ** 2 * groups / (groups - 1)
    return mean[..., 0], np.sqrt(variance)


def all_draws(values, codes, groups):
    """|T*| of every Rademacher draw up to its mirror image (which gives the same |T*|)."""
    mean = values.mean()
    residuals = values - mean
    statistics = []
    for start in range(0, 1 << (groups - 1), CHUNK):
        draws = np.arange(start, min(start + CHUNK, 1 << (groups - 1)))
        signs = 1 - 2 * ((draws[:, None] >> np.arange(groups)) & 1)
        fitted, error = fit(mean + signs[:, codes] * residuals, codes, groups)
        statistics.append(np.abs(fitted - mean) / error)
    return np.sort(np.concatenate(statistics))


def bootstrap_case(name, sizes, heavy, seed):
    values, codes = clustered(np.random.default_rng(seed), sizes, heavy)
    groups = len(sizes)
    mean, error = fit(values, codes, groups)
    robust = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "use_correction": False}
    )
    assert np.isclose(error, robust.bse[0] * np.sqrt(groups / (groups - 1)), rtol=1e-12)
    exact = all_draws(values, codes, groups)
    points = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    model = sm.OLS(values, pd.DataFrame({"mean": np.ones(len(values))}))
    answer = wildboottest(
        model, B=99_999, cluster=pd.Series(codes), param="mean", weights_type="rademacher",
        impose_null=False, bootstrap_type="11", seed=7, show=False,
    )
    return {
        "name": name,
        "values": values.tolist(),
        "clusters": codes.tolist(),
        "groups": groups,
        "mean": float(mean),
        "standardError": float(error),
        "tails": [{"t": t, "share": float((exact >= t).mean())} for t in points],
        "quantiles": [{"level": q, "value": float(np.quantile(exact, q, method="inverted_cdf"))} for q in (0.9, 0.95, 0.99)],
        "wildboottest": {"t": float(mean / error), "p": float(answer["p-value"].iloc[0])},
    }


def write(name, document):
    document = {"statsmodels": statsmodels.__version__, "numpy": np.__version__, **document}
    (HERE / name).write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    unequal = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30]
    write(
        "wild-cluster-bootstrap.json",
        {
            "wildboottest": "0.3.2",
            "cases": [
                bootstrap_case("twelve unequal clusters", unequal, False, 1),
                bootstrap_case("twenty equal clusters", [4] * 20, False, 2),
                bootstrap_case("twenty unequal clusters, heavy tails", [1 + g // 2 for g in range(20)], True, 3),
            ],
        },
    )
