import json, math, sys, scipy
from scipy.optimize import brentq
from scipy.stats import norm
def restricted(x1, n1, x0, n0, d):
    "Miettinen & Nurminen 1985, appendix I: the cubic's root, index 0 = baseline, share of 1 = share of 0 + d"
    n, m = n1 + n0, x1 + x0
    L3, L2 = n, (n1 + 2 * n0) * d - n - m
    L1, L0 = (n0 * d - n - 2 * x0) * d + m, x0 * d * (1 - d)
    q = L2**3 / (3 * L3)**3 - L1 * L2 / (6 * L3**2) + L0 / (2 * L3)
    p = math.copysign(math.sqrt(max(0, L2**2 / (3 * L3)**2 - L1 / (3 * L3))), q)
    if p == 0: return -L2 / (3 * L3)
    a = (math.pi + math.acos(max(-1, min(1, q / p**3)))) / 3
    return 2 * p * math.cos(a) - L2 / (3 * L3)
def z(x1, n1, x0, n0, d, corrected):
    s = min(1, max(0, restricted(x1, n1, x0, n0, d))); t = min(1, max(0, s + d))
    v = (t * (1 - t) / n1 + s * (1 - s) / n0) * ((n1 + n0) / (n1 + n0 - 1) if corrected else 1)
    e = x1 / n1 - x0 / n0 - d
    return 0 if e == 0 else math.copysign(math.inf, e) if v <= 0 else e / math.sqrt(v)
cases = []
for name, x0, n0, x1, n1, m in [("textbook",56,70,48,80,None),("newcombe-b",9,10,3,10,None),("newcombe-g",5,56,0,29,None),("zeros",0,10,0,20,0.1),("all",10,10,20,20,None),("perfect-split",0,10,10,10,None),("ni",900,1000,895,1000,0.03),("rare",5,100000,17,100000,None),("extreme-p",1000,50000,5000,50000,None),("unequal",3,7,400,900,0.2)]:
    e = {}
    for key, corr in (("miettinen_nurminen", True), ("mee", False)):
        f = lambda d: z(x1, n1, x0, n0, d, corr); c = norm.ppf(.975); est = x1 / n1 - x0 / n0; eps = 1e-9
        e[key + "_lo"] = -1.0 if est <= -1 else brentq(lambda d: f(d) - c, -1 + eps, est, xtol=1e-14)
        e[key + "_hi"] = 1.0 if est >= 1 else brentq(lambda d: f(d) + c, est, 1 - eps, xtol=1e-14)
        if m: s = "mn" if corr else "fm"; e["ni_z_" + s] = f(-m); e["ni_p_" + s] = float(norm.sf(f(-m)))
    cases.append({"id": "two_proportion_score/" + name, "method": "two_proportion_score", "source": [{"package": "formula", "version": "-", "call": "closed form of Miettinen & Nurminen 1985, appendix I, with scipy.optimize.brentq (SciPy %s)" % scipy.__version__}], "input": {"x1": x0, "n1": n0, "x2": x1, "n2": n1}, "options": {"margin": m} if m else {}, "expected": e, "tolerance": {"rel": 1e-6, "abs": 1e-8}})
json.dump({"schema": "assay-golden/1", "set": "own", "method": "two_proportion_score", "command": "python test/golden/stats/generate/two_proportion_score.py > test/golden/stats/two_proportion_score.json", "cases": cases}, sys.stdout, indent=1); print()
