"""Who learns where, who teaches them, and what their guardians have agreed to.

Words: **region** (province, regency or city, district), **school** (NPSN), **class**, **learner** (a person;
several may share one MSISDN), **guardian**, **consent**, **staff** with roles, **login** (a browser's).
"""
