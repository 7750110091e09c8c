"""Least squares in R, Stata, SPSS and Python: what follows once the data are read.

R's part uses no package: the rows are transformed, and the sandwich is made, as this course does.
"""

from __future__ import annotations

from collections.abc import Sequence

from pandas.api.types import is_numeric_dtype

from mlcore.language.encoding import Parts
from mlcore.language.expressions import Expression, Name
from ui.lens.estimators.asked import Asked, Least, asked
from ui.lens.outputs.r import renamed
from ui.lens.runs import Line, Run, line
from ui.lens.scripts.commands import mixed
from ui.lens.scripts.recipe import Recipe, arithmetic
from ui.lens.terms import factor_of, named

SHARED = {"C", "I"}  # what formulas call that means the same to statsmodels
XTREG = {"within": "fe", "between": "be", "random": "re"}


def r(fit: Least) -> list[Line]:
    of = asked(fit)
    if of.estimator in ("ols", "pooled") and not of.cluster:
        return [
            line("m <- lm(", renamed(fit.formula), ", data = d)"),
            line("summary(m)"),
            line("confint(m)"),
        ]
    groups = list(dict.fromkeys(filter(None, (of.entity, of.time, of.cluster))))
    kept = ", ".join(f'"{name}"' for name in groups)
    found = [
        f"d <- d[complete.cases(d[, c({kept}), drop = FALSE]), ]",
        f"frame <- model.frame({renamed(fit.formula)}, d)",
        "d <- d[rownames(frame), ]",
        "y <- model.response(frame)",
        "X <- model.matrix(attr(frame, 'terms'), frame)",
        *_rows_in_r(of, fit.design.has_intercept),
        "Z <- Z[, sort(qr(Z)$pivot[seq_len(qr(Z)$rank)]), drop = FALSE]",
        "",
        "B <- solve(crossprod(Z))",
        "b <- B %*% crossprod(Z, v)",
        "e <- as.vector(v - Z %*% b)",
        "df <- length(v) - ncol(Z) - absorbed",
        *_errors_in_r(of),
        "se <- sqrt(diag(V))",
        "print(cbind(estimate = b[, 1], se = se, statistic = b[, 1] / se), digits = 7)",
        *_spreads_in_r(of),
    ]
    note = {
        "within": 'plm::plm(…, index = "{g}", model = "within")',
        "between": 'plm::plm(…, index = "{g}", model = "between")',
        "random": 'plm::plm(…, index = "{g}", model = "random"), which differs in unequal groups',
        "first_difference": 'plm::plm(…, index = c("{g}", "{t}"), model = "fd")',
    }
    robust = "lmtest::coeftest(lm(…), vcov = sandwich::vcovCL, cluster = ~{g}, df = G - 1)"
    text = note.get(of.estimator, robust).format(g=of.group, t=of.time)
    return [*map(line, found), line(f"# with a package: {text}")]


def _rows_in_r(of: Asked, intercept: bool) -> list[str]:
    """From y and X to v and Z, the rows that are fitted."""
    if of.estimator in ("ols", "pooled"):
        return ["v <- y; Z <- X; absorbed <- 0"]
    found = ["", f'g <- factor(d[["{of.entity}"]])', "n <- as.vector(table(g))"]
    back = " + mean(x)" if intercept else ""
    within = [f"swept <- function(x) x - ave(x, g){back}", "Z <- apply(X, 2, swept); v <- swept(y)"]
    means = ["Z <- rowsum(X, g) / n; v <- as.vector(rowsum(y, g) / n)"]
    match of.estimator:
        case "within":
            return [*found, *within, f"absorbed <- nlevels(g) - {int(intercept)}"]
        case "between":
            return [*found, *means, "absorbed <- 0"]
        case "first_difference":
            return [
                *found,
                f'o <- order(g, d[["{of.time}"]])',
                "same <- g[o][-1] == g[o][-length(o)]",
                "Z <- diff(X[o, ])[same, , drop = FALSE]; v <- diff(y[o])[same]",
                *(['Z[, "(Intercept)"] <- 1'] if intercept else []),
                "absorbed <- 0",
            ]
    return [
        *found,
        "left <- function(Z, v) sum(qr.resid(qr(Z), v)^2)",
        *within,
        "within <- left(Z, v) / (length(v) - nlevels(g) + 1 - qr(Z)$rank)",
        *means,
        "between <- left(Z, v) / (nlevels(g) - qr(Z)$rank) - within * mean(1 / n)",
        "theta <- 1 - sqrt(within / (within + n * max(0, between)))",
        "Z <- X - theta[g] * Z[g, ]; v <- y - theta[g] * v[g]",
        "absorbed <- 0",
    ]


def _errors_in_r(of: Asked) -> list[str]:
    if not of.cluster:
        return ["V <- sum(e^2) / df * B"]
    found = [f'cl <- factor(d[["{of.cluster}"]]); G <- nlevels(cl)']
    if of.correction == "CR2":
        return [
            *found,
            "s <- t(sapply(split(seq_along(v), cl), function(i) {",
            "  Zi <- Z[i, , drop = FALSE]",
            "  E <- eigen(diag(length(i)) - Zi %*% B %*% t(Zi), symmetric = TRUE)",
            "  half <- ifelse(E$values > 1e-10, abs(E$values)^-0.5, 0)",
            "  crossprod(Zi, E$vectors %*% (half * crossprod(E$vectors, e[i])))",
            "}))",
            "V <- B %*% crossprod(s) %*% B",
        ]
    found += ["s <- rowsum(e * Z, cl)   # what each cluster adds", "V <- B %*% crossprod(s) %*% B"]
    if of.correction == "CR1":
        found.append("V <- V * G / (G - 1) * (length(v) - 1) / (length(v) - ncol(Z))")
    return found


def _spreads_in_r(of: Asked) -> list[str]:
    match of.estimator:
        case "within":
            return [
                "u <- tapply(y - X[, colnames(Z), drop = FALSE] %*% b, g, mean)",
                "cat('sigma_u', sd(u), '\\n')",
                "cat('sigma_e', sqrt(sum(e^2) / df), '\\n')",
            ]
        case "random":
            return [
                "cat('sigma_u', sqrt(max(0, between)), '\\n')",
                "cat('sigma_e', sqrt(within), '\\n')",
            ]
    return ["cat('sigma', sqrt(sum(e^2) / df), '\\n')"]


def python(recipe: Recipe, fit: Least) -> list[Line]:
    """Imports are part of it, since the core has what statsmodels has not."""
    of = asked(fit)
    if of.estimator != "ols":
        time = f', time="{of.time}"' if of.time else ""
        cluster = f', cluster="{of.cluster}"' if of.cluster else ""
        where = f'entity="{of.entity}"{time}, estimator="{of.estimator}"{cluster}'
        return [
            line(f'm = panel("{fit.formula}", d, {where})'),
            line("print(m.coefficients)"),
            line('print("sigma_u", m.sigma_u, "sigma_e", m.sigma_e)'),
        ]
    if not standard(recipe, fit):
        cluster = f', cluster="{of.cluster}", correction="{of.correction}"' if of.cluster else ""
        return [
            line(f'm = ols("{fit.formula}", d{cluster})'),
            line("print(m.coefficients)"),
            line('print("sigma", m.sigma)'),
        ]
    formula = fit.formula.replace("^", "**")
    found = []
    options = ""
    if of.cluster:
        used = '", "'.join(sorted({*recipe.used, of.cluster}))
        found.append(line(f'd = d.dropna(subset=["{used}"])'))
        correct = "" if of.correction == "CR1" else ', "use_correction": False'
        kwds = f'{{"groups": pd.factorize(d["{of.cluster}"])[0], "df_correction": True{correct}}}'
        options = f'cov_type="cluster", cov_kwds={kwds}, use_t=True'
    return [
        *found,
        line(f'm = smf.ols("{formula}", d).fit({options})'),
        line("print(m.summary())"),
        line('print("sigma", ', Run("m.mse_resid ** 0.5", "sigma"), ")"),
    ]


def imports(recipe: Recipe, fit: Least) -> str:
    """What the script in Python needs."""
    of = asked(fit)
    if of.estimator != "ols":
        return "from mlcore import panel  # of this course"
    if standard(recipe, fit):
        return "import statsmodels.formula.api as smf"
    return "from mlcore import ols  # of this course"


def standard(recipe: Recipe, fit: Least) -> bool:
    """Whether statsmodels reads the formula as it is, and has these standard errors."""
    return recipe.functions <= SHARED and asked(fit).correction != "CR2"


def stata(fit: Least, response: str, terms: str) -> list[Line]:
    of = asked(fit)
    robust = [f"vce(cluster {of.cluster})"] if of.cluster else []
    if of.estimator in XTREG:
        text = not is_numeric_dtype(fit.design.groupings[of.entity].levels)
        numbered = [f"encode {of.entity}, generate({of.entity}_n)"] if text else []
        options = [XTREG[of.estimator], *robust]
        found = [*numbered, f"xtset {of.entity}{'_n' if numbered else ''}"]
        return [*map(line, found), _command(f"xtreg {response} {terms}", options)]
    if of.estimator == "first_difference":
        found = [
            *(f"generate double {name} = {text}" for name, text in made(fit, "==", "*").items()),
            f"sort {of.entity} {of.time}",
            *(
                f"by {of.entity}: generate double d_{name} = {name} - {name}[_n-1]"
                for name in columns(fit)
            ),
        ]
        outcome, *others = (f"d_{name}" for name in columns(fit))
        none = [] if fit.design.has_intercept else ["noconstant"]
        return [*map(line, found), _command(f"regress {outcome} {' '.join(others)}", none)]
    return [_command(f"regress {response} {terms}", robust)]


def _command(text: str, options: list[str]) -> Line:
    joint = " " if "," in text else ", "
    return line(joint.join(filter(None, (text.rstrip(), " ".join(options)))))


def columns(fit: Least) -> dict[str, Parts]:
    """The outcome, and a column for each coefficient: its own, or `c3` that has to be made."""
    terms = fit.design.encoder.coefficients(fit.design.formula.fixed)
    used = [p for term in terms for p in term if p and named(p) in fit.design.names]
    found: dict[str, Parts] = {}
    for k, parts in enumerate([((fit.design.formula.response, ""),), *used]):
        (first, label), *more = parts
        own = isinstance(first, Name) and not label and not more
        found[str(first) if own else f"c{k}"] = parts
    return found


def made(fit: Least, equals: str, power: str) -> dict[str, str]:
    """The columns that are not in the file, as arithmetic: `(schgend == 2) * lrt`."""
    found = {}
    for name, parts in columns(fit).items():
        if name not in (str(parts[0][0]),):
            found[name] = " * ".join(_factor(fit, each, label, equals) for each, label in parts)
    return {name: text.replace("^", power) for name, text in found.items()}


def _factor(fit: Least, each: Expression, label: str, equals: str) -> str:
    levels = fit.design.encoder.levels(each)
    if levels is None:
        return f"({arithmetic(each)})"
    value = label if levels.numeric else f'"{label}"'
    return f"({factor_of(each) or each} {equals} {value})"


def spss(
    recipe: Recipe,
    fit: Least,
    response: str,
    terms: Sequence[str],
    factors: Sequence[str],
    covariates: Sequence[str],
) -> list[Line]:
    of = asked(fit)
    end = line("  /METHOD=REML /PRINT=SOLUTION TESTCOV.")
    if of.cluster and of.estimator == "ols":
        by = f" BY {' '.join(factors)}" if factors else ""
        covariate = f" WITH {' '.join(covariates)}" if covariates else ""
        found = [
            f"GENLIN {response}{by}{covariate}",
            f"  /MODEL {' '.join(terms)} DISTRIBUTION=NORMAL LINK=IDENTITY"
            f"{'' if fit.design.has_intercept else ' INTERCEPT=NO'}",
            f"  /REPEATED SUBJECT={of.cluster} CORRTYPE=INDEPENDENT COVB=ROBUST",
            "  /PRINT SOLUTION.",
        ]
        return [*map(line, found)]
    if of.estimator in ("between", "first_difference"):
        names = [*columns(fit)]
        made_of = made(fit, "=", "**").items()
        found = [f"COMPUTE {name} = {text}." for name, text in made_of]
        if of.estimator == "between":
            means = " ".join(f"/{name}=MEAN({name})" for name in names)
            found.append(f"AGGREGATE /OUTFILE=* /BREAK={of.entity} {means}.")
            outcome, *others = names
        else:
            found.append(f"SORT CASES BY {of.entity} {of.time}.")
            found += [f"COMPUTE d_{name} = {name} - LAG({name})." for name in names]
            found += [f"COMPUTE same = ({of.entity} = LAG({of.entity})).", "EXECUTE."]
            found.append("SELECT IF same.")
            outcome, *others = (f"d_{name}" for name in names)
        head = mixed(recipe, outcome, others, [], others)
        return [*map(line, found), *head, end]
    if of.estimator == "within":
        head = mixed(recipe, response, [*terms, of.entity], [*factors, of.entity], covariates)
        return [*head, end]
    head = mixed(recipe, response, terms, factors, covariates)
    if of.estimator == "random":
        head.append(line(f"  /RANDOM=INTERCEPT | SUBJECT({of.entity}) COVTYPE(VC)"))
    return [*head, end]
