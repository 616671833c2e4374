"""Deduction tables and their figures in words. A table without a word of its own is shown by its name."""

from campaigns.i18n import N_, gettext

TABLES = {
    "IL.income_tax": N_("Income tax: monthly steps"),
    "IL.vat": N_("VAT"),
    "IL.credit_point": N_("Value of a tax credit point"),
    "IL.national_insurance.employee": N_("National insurance: employee"),
    "IL.health_insurance.employee": N_("Health insurance: employee"),
    "IL.national_insurance.employer": N_("National insurance: employer's part"),
    "IL.second_employer": N_("Rates of a second employer without coordination"),
    "IL.minimum_wage": N_("Minimum wage"),
    "IL.allocation_number": N_("Allocation number: amount before VAT"),
    "IL.exempt_dealer_ceiling": N_("Yearly turnover of an exempt dealer"),
    "IL.supplier_withholding": N_("Tax withheld from suppliers without a certificate"),
    "IL.pension": N_("Pension and severance pay"),
    "RU.ndfl.annual": N_("Personal income tax (NDFL): yearly steps"),
    "RU.contributions.payer": N_("Insurance contributions of the payer"),
    "RU.npd": N_("Tax on professional income (NPD)"),
    "RU.npd_ceiling": N_("Yearly income of the self-employed (NPD)"),
    "US.1099_nec": N_("Reporting threshold of form 1099-NEC"),
    "US.backup_withholding": N_("Backup withholding"),
}
FIGURES = {
    "steps": N_("Steps"),
    "rate": N_("Rate, %"),
    "value_minor": N_("Amount"),
    "income_tax_rate": N_("Income tax, %"),
    "national_insurance_rate": N_("National insurance, %"),
    "health_insurance_rate": N_("Health insurance, %"),
    "month_minor": N_("A month"),
    "hour_minor": N_("An hour"),
    "year_minor": N_("A year"),
    "above_minor": N_("Amounts above"),
    "threshold_minor": N_("From this amount on"),
    "with_books_rate": N_("With books kept, %"),
    "without_books_rate": N_("Without books, %"),
    "employee_rate": N_("Employee, %"),
    "employer_rate": N_("Employer, %"),
    "severance_rate": N_("Severance pay, %"),
    "non_resident_rate": N_("Not resident, %"),
    "from_companies_rate": N_("Paid by companies, %"),
    "from_individuals_rate": N_("Paid by individuals, %"),
}
CONFIDENCE = {
    "high": N_("high"),
    "medium-high": N_("rather high"),
    "medium": N_("medium"),
    "low": N_("low"),
}


def confidence(word: str) -> str:
    """How sure the software's makers are of a shipped row, still to be translated."""
    return CONFIDENCE.get(word, word)


def table_name(table: str) -> str:
    """A table in words."""
    return gettext(TABLES.get(table, table))


def figure_name(name: str) -> str:
    """A figure's label, still to be translated."""
    return FIGURES.get(name, name)
