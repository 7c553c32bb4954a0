"""Whose member brought a kiến nghị that the Front enters: the Front itself, its member organisations, others."""

ORGANISATIONS = ("front", "labour", "farmers", "women", "youth", "veterans", "elderly", "red_cross", "other")
"""Ủy ban MTTQ · Công đoàn · Nông dân · Phụ nữ · Đoàn Thanh niên · Cựu chiến binh · Người cao tuổi · Chữ thập đỏ."""
